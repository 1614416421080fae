// The people of a gathering, as the console puts them in order.

import type { ParticipantInfo, Role } from "../api/answers.ts";
import { byName } from "../names.ts";

export interface RegionOfPeople {
  /** Empty for those who named none. */
  readonly name: string;
  readonly people: readonly ParticipantInfo[];
}

const fold = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** Whether a name or an organisation holds what was typed, accents and capitals aside. */
export function matches(person: ParticipantInfo, typed: string): boolean {
  const sought = fold(typed.trim());
  const said = [person.name, person.organisation ?? "", ...(person.together_with ?? [])];
  return sought === "" || said.some((each) => fold(each).includes(sought));
}

/** People by region, regions and people by name; those without a region come last. */
export function byRegion(people: readonly ParticipantInfo[]): RegionOfPeople[] {
  const regions = new Map<string, ParticipantInfo[]>();
  for (const person of people) {
    const name = person.region ?? "";
    const there = regions.get(name);
    if (there === undefined) regions.set(name, [person]);
    else there.push(person);
  }
  return [...regions]
    .map(([name, there]) => ({ name, people: there.sort(byName) }))
    .sort((left, right) => {
      if (left.name === "" || right.name === "") return left.name === "" ? 1 : -1;
      return byName(left, right);
    });
}

/** How many people there are of each role, those who share a device included. */
export function byRole(people: readonly ParticipantInfo[]): Map<Role, number> {
  const roles = new Map<Role, number>();
  for (const { role, together_with } of people) {
    roles.set(role, (roles.get(role) ?? 0) + 1 + (together_with?.length ?? 0));
  }
  return roles;
}

/** Who sits in groups: not those who look on or conduct. */
export const sits = ({ role }: ParticipantInfo): boolean =>
  role === "participant" || role === "core_group" || role === "guest";
