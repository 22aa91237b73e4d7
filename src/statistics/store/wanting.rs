//! The open needs of one kind by township, with what rules read of such children; no child among them.

use jiff::civil::Date;
use lianjie_index::{CategoryCode, DivisionCode, TermCode};

use crate::case::model::{BirthMonth, Sex};
use crate::error::Result;
use crate::store::{Connection, Row};

/// Open needs of children who are alike.
#[derive(Debug, Clone)]
pub struct Wanting {
    /// Township.
    pub division: DivisionCode,
    /// Month of birth.
    pub birth_month: Option<BirthMonth>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Categories.
    pub categories: Vec<CategoryCode>,
    /// Household registration.
    pub hukou: Option<DivisionCode>,
    /// How many.
    pub needs: u32,
}

impl Wanting {
    /// Completed months of age.
    #[must_use]
    pub fn age_months(&self, day: Date) -> Option<u16> {
        self.birth_month.map(|month| month.age_months(day))
    }
}

/// The needs of a kind below a division that are not settled.
pub async fn wanting(db: &mut Connection, below: &DivisionCode, term: &TermCode) -> Result<Vec<Wanting>> {
    let rows = sqlx::query(
        "SELECT c.division, h.birth_month, h.sex, c.categories, c.hukou, COUNT(*) AS needs
         FROM need n JOIN \"case\" c ON c.id = n.case_id JOIN child h ON h.id = c.child_id
         WHERE n.state IN ('open', 'in_dispatch', 'being_served', 'gap') AND c.state <> 'closed' AND n.term = $2
               AND c.division >= $1 AND c.division < $1 || 'z'
         GROUP BY c.division, h.birth_month, h.sex, c.categories, c.hukou",
    )
    .bind(below.as_str())
    .bind(term.as_str())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("need", row);
            Ok(Wanting {
                division: row.parse("division")?,
                birth_month: row.maybe_parse("birth_month")?,
                sex: row.maybe_name("sex")?,
                categories: row.json("categories")?,
                hukou: row.maybe_parse("hukou")?,
                needs: row.count("needs")?,
            })
        })
        .collect()
}

/// The kind that most needs below a division are of, where there is any.
pub async fn most_wanted(db: &mut Connection, below: &DivisionCode) -> Result<Option<TermCode>> {
    let row = sqlx::query(
        "SELECT n.term FROM need n JOIN \"case\" c ON c.id = n.case_id
         WHERE n.state IN ('open', 'in_dispatch', 'being_served', 'gap') AND c.state <> 'closed' AND c.division >= $1 AND c.division < $1 || 'z'
         GROUP BY n.term ORDER BY COUNT(*) DESC, n.term LIMIT 1",
    );
    let row = row.bind(below.as_str()).fetch_optional(db).await?;
    row.as_ref().map(|row| Row::of("need", row).parse("term")).transpose()
}
