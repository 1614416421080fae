//! How many images may be on their way in at a time, and one at a time in the decoder.
//!
//! A body is held in memory until it is whole, and an image that is decoded takes up to half a
//! gigabyte: both are bounded, for all and for each participant, so that nobody's phone holds the
//! others up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use oogst_protocol::ids::{GatheringId, ParticipantId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::picture::{NotAPicture, Picture};

/// Most bodies at a time: together they take 288 MiB.
const BODIES_MAX: usize = 24;

/// Most of them of one participant.
const OWN_BODIES_MAX: usize = 4;

/// Most images that are decoded at a time.
const DECODERS_MAX: usize = 1;

/// There is no room for one more image now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy;

type Who = (GatheringId, ParticipantId);

/// The room for images on their way in.
#[derive(Debug)]
pub(crate) struct Uploads {
    bodies: Arc<Semaphore>,
    own: Arc<Mutex<BTreeMap<Who, usize>>>,
    decoders: Arc<Semaphore>,
}

/// Room for one image. Dropped, it is given back.
#[derive(Debug)]
pub(crate) struct Upload {
    who: Who,
    own: Arc<Mutex<BTreeMap<Who, usize>>>,
    _body: OwnedSemaphorePermit,
}

impl Default for Uploads {
    fn default() -> Self {
        Self {
            bodies: Arc::new(Semaphore::new(BODIES_MAX)),
            own: Arc::default(),
            decoders: Arc::new(Semaphore::new(DECODERS_MAX)),
        }
    }
}

impl Uploads {
    /// Takes room for one image.
    pub(crate) fn take(
        &self,
        gathering: GatheringId,
        participant: ParticipantId,
    ) -> Result<Upload, Busy> {
        let who = (gathering, participant);
        let body = Arc::clone(&self.bodies).try_acquire_owned().map_err(|_| Busy)?;
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let count = own.entry(who).or_default();
        if *count >= OWN_BODIES_MAX {
            return Err(Busy);
        }
        *count += 1;
        Ok(Upload { who, own: Arc::clone(&self.own), _body: body })
    }

    /// Makes a picture of an image, when it is its turn, on a thread of its own. Whoever no longer
    /// waits for it, keeps turn and room until it is made: a line that is cut makes room for no
    /// more.
    pub(crate) async fn picture(
        &self,
        image: Vec<u8>,
        room: Upload,
    ) -> Result<Picture, NotAPicture> {
        self.made(room, move || Picture::of(&image)).await
    }

    async fn made(
        &self,
        room: Upload,
        make: impl FnOnce() -> Result<Picture, NotAPicture> + Send + 'static,
    ) -> Result<Picture, NotAPicture> {
        let turn = Arc::clone(&self.decoders).acquire_owned().await;
        let turn = turn.map_err(|_| NotAPicture::Broken)?;
        let work = move || {
            let made = make();
            drop((turn, room));
            made
        };
        let made = tokio::task::spawn_blocking(work).await;
        // A decoder that panics says what it would say with an error: this is no image.
        made.unwrap_or(Err(NotAPicture::Broken))
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = own.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                own.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn nobody_takes_the_room_of_the_others() {
        let uploads = Uploads::default();
        let gathering = GatheringId::new(Uuid::from_u128(1));
        let take = |who| uploads.take(gathering, ParticipantId::new(Uuid::from_u128(who)));
        let mut held: Vec<_> = (0..OWN_BODIES_MAX).map(|_| take(1).unwrap()).collect();
        assert_eq!(take(1).unwrap_err(), Busy);
        for number in held.len()..BODIES_MAX {
            held.push(take(number as u128).unwrap());
        }
        assert_eq!(take(99).unwrap_err(), Busy, "there is a bound for all of them");
        held.remove(0);
        held.push(take(1).unwrap());
        drop(held);
        assert!(uploads.own.lock().unwrap().is_empty());
    }
    #[tokio::test]
    async fn who_no_longer_waits_keeps_turn_and_room_until_the_image_is_made() {
        let uploads = Uploads::default();
        let who = ParticipantId::new(Uuid::from_u128(1));
        let room = uploads.take(GatheringId::new(Uuid::from_u128(1)), who).unwrap();
        let (begin, mut began) = tokio::sync::mpsc::channel(1);
        let (finish, finished) = std::sync::mpsc::sync_channel::<()>(1);
        let make = move || {
            begin.blocking_send(()).unwrap();
            finished.recv().ok();
            Err(NotAPicture::Broken)
        };
        tokio::select! {
            made = uploads.made(room, make) => panic!("nothing finished it: {made:?}"),
            began = began.recv() => assert!(began.is_some()),
        }
        assert_eq!(uploads.decoders.available_permits(), 0);
        assert_eq!(uploads.own.lock().unwrap().len(), 1);
        assert_eq!(uploads.bodies.available_permits(), BODIES_MAX - 1);
        drop(finish);
        let turn = uploads.decoders.acquire().await.unwrap();
        drop(turn);
    }
}
