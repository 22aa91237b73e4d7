//! Terms and categories as JSON.

use std::sync::Arc;

use axum::extract::State;
use lianjie_index::TermCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::{Json, Problem, Query};
use crate::app::App;
use crate::error::{Error, Result};

/// Which terms.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Under {
    /// Code of a group; all terms when absent.
    parent: Option<String>,
}

/// A need and the service that meets it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermBody {
    code: String,
    zh: String,
    en: String,
    /// Words and clauses people use for it.
    synonyms: Vec<String>,
}

/// Terms.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermsBody {
    taxonomy_terms: Vec<TermBody>,
}

/// The taxonomy: groups and leaves.
#[utoipa::path(get, path = "/api/v1/taxonomy_terms", tag = "taxonomy", params(Under), responses((status = 200, body = TermsBody), (status = 422, body = Problem)))]
pub async fn terms(State(app): State<Arc<App>>, Query(under): Query<Under>) -> Result<Json<TermsBody>> {
    let parent = under.parent.map(|code| code.parse::<TermCode>()).transpose().map_err(|_| Error::invalid("parent", "term"))?;
    let vocabulary = app.vocabulary.get();
    let rows = vocabulary.terms().filter(|term| parent.as_ref().is_none_or(|parent| parent.covers(&term.code)));
    let terms = rows.map(|term| TermBody {
        code: term.code.to_string(),
        zh: term.zh.clone(),
        en: term.en.clone(),
        synonyms: term.synonyms.clone(),
    });
    Ok(Json(TermsBody { taxonomy_terms: terms.collect() }))
}

/// A category of child.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryBody {
    code: String,
    zh: String,
    en: String,
}

/// Categories.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoriesBody {
    child_categories: Vec<CategoryBody>,
}

/// The categories of child.
#[utoipa::path(get, path = "/api/v1/child_categories", tag = "taxonomy", responses((status = 200, body = CategoriesBody)))]
pub async fn categories(State(app): State<Arc<App>>) -> Json<CategoriesBody> {
    let categories = app.categories.get();
    let rows = categories.children.iter().map(|row| CategoryBody { code: row.code.clone(), zh: row.zh.clone(), en: row.en.clone() });
    Json(CategoriesBody { child_categories: rows.collect() })
}
