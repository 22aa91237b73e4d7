//! What a service costs whom, by the pattern of its kind.

use lianjie_index::entry::{Audience, Fee, FeeLevel, Payer};

use super::draw::Draw;

/// The rows of a pattern; now and then a provider states none.
pub fn fees(draw: &mut Draw, pattern: &str, leaf: &str) -> Vec<Fee> {
    let free = |audience| row(audience, FeeLevel::Free, 0, "visit", Payer::Body);
    let yuan = |draw: &mut Draw, low: u32, high: u32| i64::from(draw.number(low / 5..=high / 5)) * 500;
    if pattern != "free" && draw.chance(3) {
        return Vec::new();
    }
    let spoken_for = matches!(leaf.get(..3), Some("EMG" | "COO" | "VIC" | "GUA")) && pattern != "tuition";
    match pattern {
        _ if spoken_for && leaf != "GUA-10" && leaf != "GUA-12" => vec![free(Audience::Other)],
        "station" if leaf == "DEV-02" || leaf == "DEV-03" => vec![
            row(Audience::Hardship, FeeLevel::Free, 0, "month", Payer::Program),
            row(Audience::Community, FeeLevel::Low, yuan(draw, 60, 300), "month", Payer::Family),
            row(Audience::Other, FeeLevel::Full, yuan(draw, 400, 900), "month", Payer::Family),
        ],
        "station" => vec![
            row(Audience::Hardship, FeeLevel::Free, 0, "visit", Payer::Program),
            row(Audience::Community, FeeLevel::Low, yuan(draw, 10, 40), "visit", Payer::Family),
            row(Audience::Other, FeeLevel::Full, yuan(draw, 60, 150), "visit", Payer::Family),
        ],
        "quota" => {
            let mut hardship = row(Audience::Hardship, FeeLevel::Free, 0, "visit", Payer::Body);
            hardship.quota = Some(i64::from(draw.number(1..=12)) * 10);
            vec![
                hardship,
                row(Audience::Community, FeeLevel::Low, yuan(draw, 20, 60), "visit", Payer::Family),
                row(Audience::Other, FeeLevel::Full, yuan(draw, 80, 180), "visit", Payer::Family),
            ]
        }
        "insured" => vec![
            row(Audience::Hardship, FeeLevel::Low, yuan(draw, 5, 20), "visit", Payer::Family),
            row(Audience::Other, FeeLevel::Full, yuan(draw, 20, 150), "visit", Payer::Family),
        ],
        "counsel" => {
            let mut rows = vec![row(Audience::Other, FeeLevel::Full, yuan(draw, 200, 600), "hour", Payer::Family)];
            if draw.chance(70) {
                let mut hardship = row(Audience::Hardship, FeeLevel::Free, 0, "hour", Payer::Program);
                hardship.quota = Some(i64::from(draw.number(4..=12)));
                rows.push(hardship);
            } else {
                rows.push(row(Audience::Hardship, FeeLevel::Low, yuan(draw, 40, 100), "hour", Payer::Family));
            }
            rows
        }
        "tuition" => vec![
            row(Audience::Hardship, FeeLevel::Low, yuan(draw, 100, 400), "month", Payer::Family),
            row(Audience::Other, FeeLevel::Full, yuan(draw, 600, 2400), "month", Payer::Family),
        ],
        "notary" => vec![
            row(Audience::Hardship, FeeLevel::Low, yuan(draw, 50, 150), "visit", Payer::Family),
            row(Audience::Other, FeeLevel::Full, yuan(draw, 200, 2000), "visit", Payer::Family),
        ],
        _ => vec![free(Audience::Other)],
    }
}

fn row(audience: Audience, level: FeeLevel, amount_fen: i64, unit: &str, payer: Payer) -> Fee {
    Fee {
        audience,
        level,
        amount_fen: Some(amount_fen),
        unit: Some(unit.into()),
        quota: None,
        payer: Some(payer),
        valid_from: None,
        valid_to: None,
    }
}
