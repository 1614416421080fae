//! Laws of the encodings: any bytes are read or refused, and what is written reads back.

use bytes::Bytes;
use oogst_protocol::event::Event;
use oogst_protocol::ids::DocumentId;
use oogst_protocol::limits::MESSAGE_BYTES_MAX;
use oogst_protocol::wire::{DocumentName, Message, PeerId, PeerMetadata, encode_sync};
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

fn peer() -> impl Strategy<Value = PeerId> {
    "[a-z0-9é-]{0,24}".prop_map(|name| PeerId::new(&name))
}

fn document() -> impl Strategy<Value = DocumentName> {
    prop_oneof![
        any::<u128>().prop_map(|bits| DocumentId::new(Uuid::from_u128(bits)).into()),
        "[ -~]{0,60}".prop_map(|text| DocumentName::from(text.as_str())),
    ]
}

fn data() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..300).prop_map(Bytes::from)
}

fn metadata() -> impl Strategy<Value = PeerMetadata> {
    let storage_id = proptest::option::of("[0-9a-f-]{0,36}");
    (storage_id, any::<bool>()).prop_map(|(storage_id, is_ephemeral)| PeerMetadata {
        storage_id: storage_id.map(Into::into),
        is_ephemeral,
    })
}

fn message() -> impl Strategy<Value = Message> {
    let text = || ".{0,40}".prop_map(std::sync::Arc::<str>::from);
    // JavaScript counts exactly up to 2^53.
    let count = 0..(1_u64 << 53);
    prop_oneof![
        (peer(), metadata(), vec(text(), 0..4)).prop_map(|(sender, metadata, versions)| {
            Message::Join { sender, metadata, versions }
        }),
        (peer(), peer(), metadata(), text()).prop_map(|(sender, target, metadata, version)| {
            Message::Peer { sender, target, metadata, version }
        }),
        (document(), peer(), peer(), data()).prop_map(|(document, sender, target, data)| {
            Message::Sync { document, sender, target, data }
        }),
        (document(), peer(), peer(), data()).prop_map(|(document, sender, target, data)| {
            Message::Request { document, sender, target, data }
        }),
        (document(), peer(), peer()).prop_map(|(document, sender, target)| {
            Message::DocUnavailable { document, sender, target }
        }),
        (document(), peer(), peer(), count, text(), data()).prop_map(
            |(document, sender, target, count, session, data)| Message::Ephemeral {
                document,
                sender,
                target,
                count,
                session,
                data
            }
        ),
        (proptest::option::of(peer()), proptest::option::of(peer()), text())
            .prop_map(|(sender, target, message)| Message::Error { sender, target, message }),
    ]
}

proptest! {
    /// Any bytes are a message, an event or a refusal: never a panic.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..600)) {
        drop(Message::decode(&Bytes::from(bytes.clone())));
        drop(Event::decode(&bytes));
    }

    /// A message with any bytes changed is read or refused: never a panic.
    #[test]
    fn a_damaged_message_is_read_or_refused(
        message in message(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut frame = message.encode().to_vec();
        for (place, byte) in damage {
            let place = place.index(frame.len());
            frame[place] = byte;
        }
        drop(Message::decode(&Bytes::copy_from_slice(&frame[..cut.index(frame.len())])));
        drop(Message::decode(&Bytes::from(frame)));
    }

    /// What is encoded decodes to the same.
    #[test]
    fn a_message_reads_back_as_it_was_written(message in message()) {
        prop_assert_eq!(Message::decode(&message.encode()).unwrap(), message);
    }

    /// The shared envelope says what a message of its own would say.
    #[test]
    fn a_shared_envelope_reads_as_a_sync_message(
        bits in any::<u128>(), sender in peer(), target in peer(), data in data(),
    ) {
        let document = DocumentId::new(Uuid::from_u128(bits));
        let frame = encode_sync(&sender, &target, document, &data);
        let wanted = Message::Sync { document: document.into(), sender, target, data };
        prop_assert_eq!(Message::decode(&frame).unwrap(), wanted);
    }
}

/// Goal: a long day's document reaches a client in one message, and a server takes none that long.
#[test]
fn a_client_reads_longer_messages_than_a_server() {
    let message = Message::Sync {
        document: DocumentName::from("x"),
        sender: PeerId::new("server"),
        target: PeerId::new("client"),
        data: Bytes::from(vec![0; MESSAGE_BYTES_MAX]),
    };
    let frame = message.encode();
    assert!(Message::decode(&frame).unwrap_err().is_size());
    assert_eq!(Message::decode_within(&frame, 2 * MESSAGE_BYTES_MAX).unwrap(), message);
    assert!(Message::decode_within(&frame, frame.len() - 1).unwrap_err().is_size());
}
