//! The calibration report of a year, as lines.

use lianjie_index::matching::calibration::Calibration;

use super::year::Forecasts;

/// What is forecast, in the order of [`Forecasts`].
const KINDS: [&str; 2] = ["accepted", "completed once accepted"];

/// Expected against observed, over all, by household and by town.
pub fn lines(forecasts: &Forecasts) -> Vec<String> {
    let mut lines = Vec::new();
    for (kind, name) in KINDS.iter().enumerate() {
        lines.push(line(&format!("{name}, over all"), &forecasts.all[kind]));
        for (number, household) in forecasts.households.iter().enumerate() {
            lines.push(line(&format!("{name}, household {number}"), &household[kind]));
        }
        let worst = forecasts.towns.iter().enumerate().max_by(|(_, a), (_, b)| off(&a[kind]).total_cmp(&off(&b[kind])));
        if let Some((number, town)) = worst {
            lines.push(line(&format!("{name}, worst town ({number})"), &town[kind]));
        }
    }
    lines
}

/// How far the mean forecast is from what came about.
fn off(calibration: &Calibration) -> f64 {
    calibration.means().map_or(0.0, |(expected, observed)| (expected - observed).abs())
}

fn line(name: &str, calibration: &Calibration) -> String {
    let (expected, observed) = calibration.means().unwrap_or_default();
    let (error, brier) = (calibration.error().unwrap_or_default(), calibration.brier().unwrap_or_default());
    format!("{name:44} {:6} {expected:8.3} {observed:8.3} {error:7.3} {brier:6.3}", calibration.count())
}
