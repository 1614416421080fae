//! Every bound that both ends must agree on, with its unit in its name and its reason beside it.
//!
//! Limits that an operator sets (rates, connections) are in the server's configuration.

/// Largest WebSocket message, in bytes, continuations joined. A long offline day of one person
/// is well under a megabyte; eight leave room for a page of pasted text in every item.
pub const MESSAGE_BYTES_MAX: usize = 8 << 20;

/// Largest change chunk, in bytes, inflated. Pasting 20,000 characters takes about 60 KiB.
pub const CHANGE_BYTES_MAX: usize = 1 << 20;

/// Most operations in one change. Replacing a text of 20,000 characters takes 40,000.
pub const CHANGE_OPERATIONS_MAX: usize = 60_000;

/// Most operations in the changes of one message, and values that these overwrite. Runs of equal
/// operations take next to no bytes, and some hundred each once decoded.
pub const MESSAGE_OPERATIONS_MAX: usize = 1_000_000;

/// Most bytes of the changes in one message, inflated. Deflated text is a third of its size; a
/// message that grows more than fourfold was made to.
pub const MESSAGE_INFLATED_BYTES_MAX: usize = 4 * MESSAGE_BYTES_MAX;

/// Most changes in one message. A message of the smallest changes that fill
/// [`MESSAGE_BYTES_MAX`] holds about as many.
pub const MESSAGE_CHANGES_MAX: usize = 100_000;

/// Most heads, needs or dependencies in one list of a message. A document has one head for each
/// client that writes at this moment.
pub const HASHES_MAX: usize = 10_000;

/// Most bytes of one Bloom filter: ten bits an entry over [`MESSAGE_CHANGES_MAX`] changes.
pub const BLOOM_BYTES_MAX: usize = 256 << 10;

/// Largest operation counter a document may reach. Automerge keeps counters in 32 bits; a
/// document of a full day has used less than a thousandth of this.
pub const OPERATION_COUNTER_MAX: u64 = 1 << 31;

/// Most operations of one participant in one document. A day of typing without a pause is a tenth
/// of it; a thousand people could fill [`OPERATION_COUNTER_MAX`] only together.
pub const PARTICIPANT_OPERATIONS_MAX: u64 = 2_000_000;

/// Most bytes of the changes of one participant in one document, inflated, and
/// [`CHANGE_OVERHEAD_BYTES`] for each.
pub const PARTICIPANT_BYTES_MAX: u64 = 64 << 20;

/// What a change costs beside its own bytes, about: its place in the graph, its actor.
pub const CHANGE_OVERHEAD_BYTES: u64 = 128;

/// Most changes of one participant in one document that nothing builds on yet: one for each of
/// its clients that writes at this moment, unheard by the others. A load test's token has hundreds.
pub const PARTICIPANT_HEADS_MAX: usize = 500;

/// Most values of one participant that stand at one key beside each other, written at the same
/// time by as many of its clients. Whoever sees values beside each other overwrites them all.
pub const PARTICIPANT_KEY_VALUES_MAX: usize = 64;

/// Most items that one participant adds to one document: nobody fills it alone.
pub const PARTICIPANT_ITEMS_MAX: usize = DOCUMENT_ITEMS_MAX * 9 / 10;

/// Longest text that the server accepts, in characters (UTF-16 units) that stand there. Clients
/// keep it under [`TEXT_CHARACTERS_SHOWN_MAX`].
pub const TEXT_CHARACTERS_MAX: usize = 100_000;

/// Longest text that clients let stand, in characters.
pub const TEXT_CHARACTERS_SHOWN_MAX: usize = 20_000;

/// Longest plain string in a document (a category, a date, a position), in bytes.
pub const SCALAR_BYTES_MAX: usize = 1 << 10;

/// Most bytes under one item's `ext`, keys and values together, that a writer leaves there.
pub const EXT_BYTES_MAX: usize = 4 << 10;

/// How many times [`EXT_BYTES_MAX`] may stand there of what several wrote at the same time.
pub const EXT_CONCURRENT_MAX: usize = 16;

/// Most items in one document.
pub const DOCUMENT_ITEMS_MAX: usize = 5_000;

/// Most highlights that live at once in one group's harvest.
pub const HIGHLIGHTS_MAX: usize = 3;

/// Most steps that a case owner takes from one intervision, of those that are not removed.
pub const INTERVISION_STEPS_MAX: usize = 3;

/// Longest fractional-index `position`, in characters of `0-9A-Za-z`.
pub const POSITION_CHARACTERS_MAX: usize = 64;

/// Longest Automerge actor id, in bytes. Automerge makes 16 at random.
pub const ACTOR_BYTES_MAX: usize = 64;

/// Longest author footer of a change, in bytes; a UUID as text has 36.
pub const AUTHOR_BYTES_MAX: usize = 64;

/// Longest commit message inside a change, in bytes. Nothing here shows it.
pub const CHANGE_MESSAGE_BYTES_MAX: usize = 1 << 10;

/// Longest peer id, in bytes; automerge-repo makes about sixteen.
pub const PEER_ID_BYTES_MAX: usize = 128;

/// Longest storage id, in bytes; automerge-repo makes a UUID's text of 36.
pub const STORAGE_ID_BYTES_MAX: usize = 128;

/// Longest session id or protocol version, in bytes; automerge-repo makes about ten.
pub const SESSION_ID_BYTES_MAX: usize = 128;

/// Longest text that a message may name a document by, in bytes; an id has 28.
pub const DOCUMENT_NAME_BYTES_MAX: usize = 256;

/// Most of an unknown message's type that is kept, in bytes: for a log line.
pub const MESSAGE_TYPE_BYTES_MAX: usize = 64;

/// Most of an `error` message's text that is kept, in bytes: for a log line.
pub const ERROR_BYTES_MAX: usize = 1 << 10;

/// Most protocol versions that a peer may offer. There is one.
pub const PROTOCOL_VERSIONS_MAX: usize = 16;

/// Deepest nesting of CBOR values in one message; the protocol's own messages reach five.
pub const MESSAGE_DEPTH_MAX: usize = 16;

/// Most CBOR values in one message. The protocol's own hold some twenty; news of other storages'
/// heads, which this server passes over, may hold a few hundred.
pub const MESSAGE_ITEMS_MAX: usize = 10_000;

/// Largest ephemeral message, in bytes of its `data`: presence, never text.
pub const EPHEMERAL_BYTES_MAX: usize = 4 << 10;

/// Longest excerpt in a feed line, in characters.
pub const EXCERPT_CHARACTERS_MAX: usize = 140;

/// Longest name of a person, group or organisation, in characters.
pub const NAME_CHARACTERS_MAX: usize = 80;

/// Longest title or question given through the API, in characters.
pub const TITLE_CHARACTERS_MAX: usize = 300;

/// Most groups in one round.
pub const GROUPS_MAX: usize = 50;

/// Most rounds of one gathering.
pub const ROUNDS_MAX: usize = 50;

/// Most regions that are named in one gathering.
pub const REGIONS_MAX: usize = 100;

/// Most participants in one gathering, those who left included.
pub const PARTICIPANTS_MAX: usize = 2_000;

/// Most places that a gathering can be bounded to: beyond, a bound is no use to anybody.
pub const PLACES_MAX: u16 = 1_000;

/// Most documents in one gathering.
pub const DOCUMENTS_MAX: usize = 1_000;

/// How many of them only a facilitator can open: rounds to come need harvests, whatever plans of
/// their own people make.
pub const DOCUMENTS_RESERVED: usize = 300;

/// Most documents of one gathering that one participant opens who does not conduct it: nobody takes
/// the room of the others' cases, visits and plans.
pub const PARTICIPANT_DOCUMENTS_MAX: usize = 50;

/// Most acts outside documents of one participant in one gathering: joining, moving, voting,
/// conducting. A facilitator who plans the most rounds for the most people comes to half of it; it
/// takes some tens of megabytes of the log.
pub const PARTICIPANT_ACTS_MAX: usize = 250_000;

/// Most events in one answer of `events`.
pub const EVENTS_PAGE_MAX: usize = 10_000;

/// Largest encoded event, in bytes: one message's changes and what was read from them.
pub const EVENT_BYTES_MAX: usize = MESSAGE_BYTES_MAX + (8 << 20);

const _: () = assert!(CHANGE_BYTES_MAX < MESSAGE_BYTES_MAX, "a change must fit a message");
const _: () = assert!(EVENT_BYTES_MAX > MESSAGE_BYTES_MAX, "an event holds a whole message");
const _: () = assert!(
    CHANGE_OPERATIONS_MAX > 2 * TEXT_CHARACTERS_SHOWN_MAX,
    "the longest text can be replaced in one change"
);
