//! What a run chooses instead of the defaults.

use std::collections::BTreeMap;

use super::{Reading, Ruling, Rulings};

/// The rulings that a run reads otherwise than by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    readings: BTreeMap<String, Otherwise>,
    /// The always-on checks that rest on these rulings.
    checks: BTreeMap<String, Reading>,
}

/// How one ruling is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Otherwise {
    /// What the run chose.
    pub chosen: Reading,
    /// What would hold without the choice; never the same.
    pub default: Reading,
}

impl Chosen {
    /// Reads choices of the form `ID=OPTION`, such as `a-11=fail`. To choose the
    /// default is no choice, and to say the same thing twice is none either.
    ///
    /// # Errors
    /// The first choice that makes no sense. All are the fault of the user.
    pub fn parse<'w>(rulings: &Rulings, words: impl IntoIterator<Item = &'w str>) -> Result<Self, ChoiceError> {
        let mut said: BTreeMap<&str, Reading> = BTreeMap::new();
        let mut chosen = Self::default();
        for word in words {
            let (ruling, reading) = one(rulings, word)?;
            match said.insert(&ruling.id, reading) {
                Some(first) if first != reading => {
                    return Err(ChoiceError::Contradiction { id: ruling.id.clone(), first, second: reading });
                }
                _ => {}
            }
            if reading != ruling.default {
                let otherwise = Otherwise { chosen: reading, default: ruling.default };
                chosen.readings.insert(ruling.id.clone(), otherwise);
                chosen.checks.extend(ruling.checks.iter().map(|check| (check.clone(), reading)));
            }
        }
        Ok(chosen)
    }

    /// What was chosen for this ruling; `None` where its default holds.
    #[must_use]
    pub fn reading(&self, id: &str) -> Option<Reading> {
        self.readings.get(id).map(|otherwise| otherwise.chosen)
    }

    /// What was chosen for the ruling on which this always-on check rests.
    #[must_use]
    pub fn reading_of_check(&self, check: &str) -> Option<Reading> {
        self.checks.get(check).copied()
    }

    /// All choices, by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Otherwise)> {
        self.readings.iter().map(|(id, otherwise)| (id.as_str(), *otherwise))
    }
}

/// A choice that makes no sense: says what was given and what can be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// There is no `=`.
    #[error("`{given}` chooses nothing: a choice has the form ID=OPTION, such as `{example}`")]
    NoEquals {
        /// What was given.
        given: String,
        /// What could have been meant.
        example: String,
    },
    /// No ruling has this id.
    #[error("no ruling is called `{id}`{hint}")]
    UnknownRuling {
        /// The id given.
        id: String,
        /// What was probably meant, as the rest of a sentence; may be empty.
        hint: String,
    },
    /// The ruling has other options.
    #[error("ruling {id} has no option `{given}`; it has {options}")]
    UnknownOption {
        /// The ruling.
        id: String,
        /// The option given.
        given: String,
        /// The options that there are, in words.
        options: String,
    },
    /// One ruling, two options.
    #[error("ruling {id} is chosen twice, as `{first}` and as `{second}`; choose one")]
    Contradiction {
        /// The ruling.
        id: String,
        /// The option given first.
        first: Reading,
        /// The other one.
        second: Reading,
    },
}

fn one<'r>(rulings: &'r Rulings, word: &str) -> Result<(&'r Ruling, Reading), ChoiceError> {
    let Some((id, option)) = word.split_once('=') else {
        return Err(ChoiceError::NoEquals { given: word.to_owned(), example: example(rulings, word) });
    };
    let ruling = rulings.by_id(id).ok_or_else(|| {
        let meant = rulings.by_id(&id.to_lowercase());
        let hint = meant.map(|ruling| format!(", did you mean `{}`?", ruling.id)).unwrap_or_default();
        ChoiceError::UnknownRuling { id: id.to_owned(), hint }
    })?;
    let reading = ruling.options.iter().find(|reading| reading.as_str() == option);
    let reading = reading.ok_or_else(|| ChoiceError::UnknownOption {
        id: id.to_owned(),
        given: option.to_owned(),
        options: options(ruling),
    })?;
    Ok((ruling, *reading))
}

/// A choice that can be made: for the ruling meant, if there is one.
fn example(rulings: &Rulings, word: &str) -> String {
    let meant = rulings.by_id(word);
    let otherwise = |ruling: &Ruling| {
        let other = ruling.options.iter().find(|option| **option != ruling.default)?;
        Some(format!("{}={other}", ruling.id))
    };
    let example = meant.and_then(otherwise).or_else(|| rulings.iter().find_map(otherwise));
    example.unwrap_or_else(|| "a-11=fail".to_owned())
}

fn options(ruling: &Ruling) -> String {
    let words = ruling.options.iter().map(|option| match option {
        option if *option == ruling.default => format!("{option} (the default)"),
        option => option.to_string(),
    });
    words.collect::<Vec<_>>().join(", ")
}
