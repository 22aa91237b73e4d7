-- A renewal is signed before the agreement it follows is over; both are signed until its first day.
DROP INDEX care_agreement_signed_once;
