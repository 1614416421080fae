// What a device says that it still has to send.

import { call } from "./call.ts";

export interface DeviceWord {
  /** Things changed there that the server has not named. */
  readonly unsent: number;
  /** Somebody looks at it: it will speak again. */
  readonly open: boolean;
}

/** Says how it is on this device; `last`: also where the page goes away meanwhile. */
export const sayHolding = (
  id: string,
  device: string,
  word: DeviceWord,
  token: string | null,
  last: boolean,
): Promise<void> =>
  call(`/api/gatherings/${id}/devices/${device}`, {
    method: "PUT",
    body: word,
    token,
    keepalive: last,
  });
