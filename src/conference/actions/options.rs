//! What could be asked for a need that is stuck: the best three of the matcher, with reasons.

use lianjie_index::matching::answer::Proposed;

use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::case;
use crate::error::Result;
use crate::id::{CaseId, NeedId};
use crate::locale::Locale;
use crate::matching::actions::match_case;

/// The best offers for a need.
pub struct Offered {
    /// The need.
    pub need: NeedId,
    /// At most three, best first; none where nobody offers it.
    pub services: Vec<Proposed>,
}

/// The best three offers for every need of a case that is not served. None for who may not match.
pub async fn options(app: &App, actor: &Actor, id: &CaseId, locale: Locale) -> Result<Vec<Offered>> {
    let case = case::store::find(&mut *app.store.read().await?, id).await?;
    let may = case.is_some_and(|case| decide(actor, Action::Match, &case).is_allowed() && case.closed_at.is_none());
    if !may {
        return Ok(Vec::new());
    }
    let matched = match_case(app, actor, id, locale).await?;
    let best = |term: &lianjie_index::TermCode| {
        let proposal = matched.answer.proposals.iter().find(|proposal| proposal.need == *term);
        proposal.map(|proposal| proposal.services.iter().take(3).cloned().collect()).unwrap_or_default()
    };
    let stuck = matched.needs.iter().filter(|need| need.state != case::model::Outcome::BeingServed);
    Ok(stuck.map(|need| Offered { need: need.id.clone(), services: best(&need.term) }).collect())
}
