//! What a vague word of a group is usually about: its likeliest leaves, likeliest first. People say
//! 没钱 and mean an allowance, seldom an orphan's. A judgement of this project, to be corrected by
//! what workers pick.

/// Group and leaves.
const USUAL: [(&str, [&str; 4]); 16] = [
    ("GUA", ["GUA-03", "GUA-09", "GUA-04", "GUA-01"]),
    ("EMG", ["EMG-01", "EMG-03", "EMG-02", "EMG-04"]),
    ("ECO", ["ECO-04", "ECO-06", "ECO-03", "ECO-09"]),
    ("IDD", ["IDD-01", "IDD-06", "IDD-04", "IDD-02"]),
    ("EDU", ["EDU-02", "EDU-10", "EDU-06", "EDU-03"]),
    ("DEV", ["DEV-02", "DEV-03", "DEV-06", "DEV-11"]),
    ("PSY", ["PSY-02", "PSY-03", "PSY-01", "PSY-05"]),
    ("MED", ["MED-01", "MED-04", "MED-06", "MED-02"]),
    ("REH", ["REH-02", "REH-01", "REH-08", "REH-05"]),
    ("LAW", ["LAW-01", "LAW-02", "LAW-03", "LAW-04"]),
    ("FAM", ["FAM-01", "FAM-03", "FAM-07", "FAM-04"]),
    ("BEH", ["BEH-02", "BEH-01", "BEH-05", "BEH-04"]),
    ("VIC", ["VIC-01", "VIC-05", "VIC-06", "VIC-03"]),
    ("LIV", ["LIV-02", "LIV-01", "LIV-04", "LIV-03"]),
    ("SOC", ["SOC-02", "SOC-01", "SOC-03", "SOC-04"]),
    ("COO", ["COO-03", "COO-04", "COO-01", "COO-02"]),
];

/// The usual leaves of a group; none for a group this project does not know.
pub(super) fn leaves(group: &str) -> &'static [&'static str] {
    USUAL.iter().find(|(code, _)| *code == group).map_or(&[], |(_, leaves)| leaves)
}
