//! `pop3spec list`

mod requirements;

use std::fmt::Write as _;

use pop3_scenario::scenario::Tier;
use pop3_scenario::verdict::Exit;
use pop3_server::fault::Fault;
use pop3_server::variation::Variation;
use pop3_spec::invariant;

use crate::args::{ListArguments, Listed};
use crate::terminal::Terminal;
use crate::{Ended, Failure, files};

pub(crate) fn list(options: &ListArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    if !matches!(options.what, Listed::Requirements) && !options.filter.is_empty() {
        return Err(Failure::usage(
            "--rfc, --level, --side and --class choose among requirements\n  help: pop3spec list requirements --rfc 1939",
        ));
    }
    let registry = files::registry()?;
    let mut text = String::new();
    match options.what {
        Listed::Scenarios => {
            let catalogue = files::sound_catalogue(files::Added::folders(&options.scenarios), &registry, terminal)?;
            let width = catalogue.scenarios.iter().map(|scenario| scenario.id.len()).max().unwrap_or(0);
            for scenario in &catalogue.scenarios {
                let tier = tier(scenario.tier);
                let level = scenario.level.as_str();
                let _ = writeln!(text, "{:width$}  {level:6}  {tier:4}  {}", scenario.id, scenario.title);
            }
        }
        Listed::Fragments => {
            let catalogue = files::sound_catalogue(files::Added::folders(&options.scenarios), &registry, terminal)?;
            let width = catalogue.fragments.keys().map(String::len).max().unwrap_or(0);
            for fragment in catalogue.fragments.values() {
                let _ = writeln!(text, "{:width$}  {}", fragment.name, fragment.title);
            }
        }
        Listed::Fixtures => {
            let catalogue = files::sound_catalogue(files::Added::folders(&options.scenarios), &registry, terminal)?;
            let width = catalogue.fixtures.keys().map(String::len).max().unwrap_or(0);
            for fixture in catalogue.fixtures.values() {
                let _ = writeln!(text, "{:width$}  {:>8} octets  {}", fixture.name, fixture.length(), fixture.title);
            }
        }
        Listed::Requirements => text = requirements::requirements(&registry, &options.filter)?,
        Listed::Rulings => {
            // Room for all options there are: graded,fail,warn,info,pass.
            const OPTIONS: usize = 26;
            let rulings = files::rulings()?;
            let width = rulings.iter().map(|ruling| ruling.id.len()).max().unwrap_or(0);
            for ruling in rulings.iter() {
                let options: Vec<&str> = ruling.options.iter().map(|option| option.as_str()).collect();
                let options = options.join(",");
                let _ = writeln!(
                    text,
                    "{:width$}  {:6}  {options:OPTIONS$}  {}",
                    ruling.id,
                    ruling.default.as_str(),
                    ruling.question
                );
            }
        }
        Listed::Checks => {
            let width = invariant::ALL.iter().map(|invariant| invariant.id.len()).max().unwrap_or(0);
            for invariant in invariant::ALL {
                let _ = writeln!(text, "{:width$}  {}", invariant.id, invariant.title);
            }
        }
        Listed::Faults => {
            let width = Fault::ALL.iter().map(|fault| fault.slug().len()).max().unwrap_or(0);
            for fault in Fault::ALL {
                let _ = writeln!(text, "{:width$}  {}", fault.slug(), fault.symptom());
            }
        }
        Listed::Variations => {
            let width = Variation::ALL.iter().map(|variation| variation.slug().len()).max().unwrap_or(0);
            for variation in Variation::ALL {
                let _ = writeln!(text, "{:width$}  {}", variation.slug(), variation.what());
            }
        }
    }
    terminal.print(&text)?;
    Ok(Ended::Exit(Exit::Clean))
}

pub(crate) fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Gate => "gate",
        Tier::Full => "full",
        Tier::Slow => "slow",
    }
}
