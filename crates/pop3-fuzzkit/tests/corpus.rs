//! Replays the committed corpora on stable Rust.

use std::path::Path;

use pop3_fuzzkit::{corpus, law};

#[test]
fn every_corpus_keeps_its_law() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    for (target, law) in law::ALL {
        let folder = fuzz.join("corpus").join(target);
        if let Err(error) = corpus::replay(&folder, law) {
            panic!("{error}");
        }
        assert!(fuzz.join(format!("fuzz_targets/{target}.rs")).is_file(), "{target} has a corpus but no target");
    }
}
