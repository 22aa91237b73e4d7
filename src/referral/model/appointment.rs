//! A meeting that was agreed with the family.

use jiff::Timestamp;

use super::state::named;
use crate::error::Transition;
use crate::id::AppointmentId;

named! {
    /// Where an appointment stands.
    AppointmentState {
        /// Agreed.
        Booked = "booked",
        /// Moved to another time.
        Rescheduled = "rescheduled",
        /// The family came.
        Attended = "attended",
        /// The family did not come.
        NoShow = "no_show",
        /// Called off.
        Cancelled = "cancelled",
    }
}

/// An appointment.
#[derive(Debug, Clone)]
pub struct Appointment {
    /// Id.
    pub id: AppointmentId,
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub state: AppointmentState,
}

impl Appointment {
    /// Whether it is still to come about.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, AppointmentState::Booked | AppointmentState::Rescheduled)
    }

    /// Whether it may go over to a state.
    ///
    /// # Errors
    /// [`Transition`] once it was attended, missed or called off; nothing is booked twice.
    pub fn settle(&self, to: AppointmentState) -> Result<(), Transition> {
        if self.is_open() && to != AppointmentState::Booked {
            return Ok(());
        }
        Err(Transition { thing: "appointment", from: self.state.name(), action: to.name() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_appointment_is_settled_once_and_moved_as_often_as_need_be() {
        use AppointmentState::{Attended, Booked, Cancelled, NoShow, Rescheduled};
        let of = |state| Appointment { id: AppointmentId::from_parts(Timestamp::UNIX_EPOCH, [0; 10]), at: Timestamp::UNIX_EPOCH, state };
        for from in AppointmentState::ALL.iter().copied() {
            for to in AppointmentState::ALL.iter().copied() {
                let allowed = matches!(from, Booked | Rescheduled) && matches!(to, Rescheduled | Attended | NoShow | Cancelled);
                assert_eq!(of(from).settle(to).is_ok(), allowed, "{from:?} -> {to:?}");
            }
        }
    }
}
