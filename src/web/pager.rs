//! Where a reader is in a long list, and the ways on.

/// The foot of a list of which a page shows a part; pages are numbered from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    /// This page.
    pub number: usize,
    /// How many there are.
    pub pages: usize,
    /// Entries on all of them.
    pub total: usize,
    /// Address of the page before; empty on the first.
    pub previous: String,
    /// Address of the page after; empty on the last.
    pub next: String,
}

impl Pager {
    /// The foot of page `number` of a list with `size` entries a page, each page with its address.
    pub fn of(number: usize, total: usize, size: usize, href: impl Fn(usize) -> String) -> Self {
        let pages = total.div_ceil(size).max(1);
        Self {
            previous: if number > 1 { href((number - 1).min(pages)) } else { String::new() },
            next: if number < pages { href(number + 1) } else { String::new() },
            number,
            pages,
            total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_has_none_before_it_and_one_beyond_the_last_leads_back() {
        let at = |number| Pager::of(number, 250, 100, |page| page.to_string());
        let ways = |pager: Pager| (pager.previous, pager.next, pager.pages);
        assert_eq!(ways(at(1)), (String::new(), "2".into(), 3));
        assert_eq!(ways(at(3)), ("2".into(), String::new(), 3));
        assert_eq!(ways(at(9)), ("3".into(), String::new(), 3));
        assert_eq!(ways(Pager::of(1, 0, 100, |page| page.to_string())), (String::new(), String::new(), 1));
    }
}
