//! What the three kinds of record have in common: they are read once, share keys with their like,
//! and are compared level by level.

use super::{points::Level, points::Points, region::Regions};

/// A kind of record that can be searched for duplicates.
pub trait Record: Sync {
    /// The record as it is compared.
    type Read: Send + Sync;

    /// The record's own id.
    fn id(&self) -> &str;

    /// Reads every field once.
    fn read(&self, regions: &Regions) -> Self::Read;

    /// What it is called, and a mark that two records of one thing would share (county, birthday):
    /// a name found with many marks is common, and tells less.
    fn called(read: &Self::Read) -> Option<(String, String)>;

    /// Takes note that its name is common.
    fn is_common(read: &mut Self::Read);

    /// What the records of a list tell of each other: what too many share to tell anything is
    /// taken out, and what one says of another is learnt.
    fn in_company(_read: &mut [Self::Read]) {}

    /// Keys of which two records must share one to be compared at all.
    fn keys(read: &Self::Read) -> Vec<String>;

    /// How two agree, comparison by comparison; what is missing on a side is left out.
    fn levels(one: &Self::Read, other: &Self::Read) -> Vec<Level>;

    /// What each level is worth.
    fn points() -> &'static Points;
}
