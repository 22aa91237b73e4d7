//! The pages 找资源, 服务详情 and the printed card. Everything works by plain links and GET forms.

mod beside;
mod detail;
mod filters;
mod marks;
mod results;

pub use detail::{card, service, standing};
pub use results::services;
