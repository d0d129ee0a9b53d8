//! Faults and variations as named on the command line.

use pop3_server::fault::{Fault, NotPlanted, Planted};
use pop3_server::variation::Variation;

use crate::Failure;

/// The fault of this name, or the user's error with the nearest name.
pub(crate) fn fault(text: &str) -> Result<Planted, Failure> {
    text.parse().map_err(|error| match error {
        NotPlanted::Fault(unknown) => {
            unknown_slug("fault", "faults", &unknown.slug, Fault::ALL.iter().map(|fault| fault.slug()))
        }
        NotPlanted::Session { .. } => Failure::usage(error.to_string()),
    })
}

/// The legal variation of this name, or the user's error with the nearest name.
pub(crate) fn variation(slug: &str) -> Result<Variation, Failure> {
    let all = Variation::ALL.iter().map(|variation| variation.slug());
    slug.parse().map_err(|_unknown| unknown_slug("legal variation", "variations", slug, all))
}

fn unknown_slug(kind: &str, list: &str, slug: &str, all: impl Iterator<Item = &'static str>) -> Failure {
    let nearness = |known: &&str| strsim::jaro_winkler(known, slug);
    let nearest = all.max_by(|a, b| nearness(a).total_cmp(&nearness(b)));
    let nearest = nearest.map(|nearest| format!("did you mean `{nearest}`? ")).unwrap_or_default();
    Failure::usage(format!("no {kind} is called `{slug}`\n  help: {nearest}`pop3spec list {list}` shows all"))
}
