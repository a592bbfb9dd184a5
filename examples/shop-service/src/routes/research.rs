//! An export to a partner. The policy allows it with a duty, and the type of the records says which duties they fulfil.

use crate::customers::Customer;
use crate::deidentify::{Deidentified, Shared};
use crate::policy::{Names, RequestPolicy};
use crate::problem::Failure;
use crate::shop::Shop;
use axum::extract::{Query, State};
use serde::Deserialize;
use std::sync::Arc;
use whyfor::Act;
use whyfor_tower::VisibleJson;

/// `?detail=full` asks for records that say whose they are. The policy denies that, unless it drops the duty.
#[derive(Deserialize)]
pub struct Options {
    detail: Option<Detail>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Detail {
    Full,
}

/// Answers with what the partner gets; a real service sends it there.
pub async fn export(
    State(shop): State<Arc<Shop>>,
    policy: RequestPolicy,
    Query(options): Query<Options>,
) -> Result<VisibleJson, Failure> {
    match options.detail {
        None => share::<Deidentified>(&shop, &policy),
        Some(Detail::Full) => share::<Customer>(&shop, &policy),
    }
}

fn share<T: Shared>(shop: &Shop, policy: &RequestPolicy) -> Result<VisibleJson, Failure> {
    let Names { orders, university, research, .. } = *policy.names();
    policy.decisions().decide(Act::Share(university), orders, research).permit(T::FULFILS)?;
    let records: Vec<T> = shop.customers.all().into_iter().map(T::of).collect();
    let view = shop.purposes.research.view(policy.policy(), policy.facts());
    Ok(VisibleJson::new(&view.fulfilling(T::FULFILS.iter().copied()), &records))
}
