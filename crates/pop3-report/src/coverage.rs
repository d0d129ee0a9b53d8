//! What the catalogue asks of a server, requirement by requirement, for a terminal.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use pop3_scenario::coverage::{Coverage, Row, State};
use pop3_scenario::verdict::Verdict;
use pop3_spec::registry::Registry;
use pop3_spec::requirement::Strength;

use crate::page::Page;
use crate::style::{Role, Style};

/// Counts by RFC and by level, and every problem.
#[must_use]
pub fn summary(coverage: &Coverage<'_>, registry: &Registry, style: Style) -> String {
    let mut page = Page::new(style);
    let of_rfc = registry.rfcs().map(|(rfc, title)| {
        let rows: Vec<&Row<'_>> = coverage.rows.iter().filter(|row| row.requirement.rfc == rfc).collect();
        (format!("RFC {rfc}  {title}"), rows)
    });
    counts(&mut page, "requirements of a server", of_rfc);
    let of_level = Strength::ALL.iter().map(|level| {
        let rows = coverage.rows.iter().filter(|row| row.requirement.binding() == *level).collect();
        (level.as_str().to_owned(), rows)
    });
    counts(&mut page, "by level", of_level);
    counts(&mut page, "in all", [(String::new(), coverage.rows.iter().collect())]);
    let problems = coverage.problems();
    if !problems.is_empty() {
        page.gap();
        let rows = if problems.len() == 1 { "row is" } else { "rows are" };
        page.put(Role::Strong, &format!("{} {rows} not as required:", problems.len())).end();
        for problem in &problems {
            page.put(Role::Verdict(Verdict::Fail), &problem.requirement.id).end();
            page.paragraph(2, Role::Plain, problem.what.advice());
        }
    }
    page.finish()
}

/// Rows one after the other: what is asked, by what, or why not.
#[must_use]
pub fn rows<'r>(rows: impl IntoIterator<Item = &'r Row<'r>>, registry: &Registry, style: Style) -> String {
    let mut page = Page::new(style);
    let mut place = String::new();
    for row in rows {
        let requirement = row.requirement;
        let here = requirement.clause();
        if here != place {
            page.gap();
            let title = registry.section_title(requirement.rfc, &requirement.section).unwrap_or_default();
            page.put(Role::Strong, &here).text("  ").put(Role::Strong, title).end();
            place = here;
        }
        page.text(&requirement.id).text("  ").put(Role::Faint, requirement.binding().as_str()).text("  ");
        page.put(role(row.state), row.state.as_str()).end();
        page.paragraph(4, Role::Plain, &requirement.text);
        let mut line = |label: &str, items: &[&str]| {
            if !items.is_empty() {
                page.labelled(4, label, Role::Faint, &items.join(", "));
            }
        };
        line("scenarios: ", &row.scenarios);
        line("always-on checks: ", &row.checks);
        line("seeded faults: ", &row.faults);
        if let Some(other) = &requirement.asked_as {
            page.labelled(4, "asked as: ", Role::Faint, other);
        }
        if let Some(unasked) = &requirement.unasked {
            page.labelled(4, &format!("not asked ({}): ", unasked.because), Role::Faint, &unasked.why);
        }
    }
    page.finish()
}

fn counts<'r>(page: &mut Page, heading: &str, groups: impl IntoIterator<Item = (String, Vec<&'r Row<'r>>)>) {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
    let mut header: Vec<&str> = State::ALL.iter().map(|state| state.as_str()).collect();
    header.push("covered");
    header.push(heading);
    table.set_header(header.clone());
    for (name, rows) in groups.into_iter().filter(|(_, rows)| !rows.is_empty()) {
        let counts = Coverage::count(rows);
        let mut cells: Vec<String> = State::ALL.iter().map(|state| counts.of(*state).to_string()).collect();
        cells.push(counts.percent().map_or_else(String::new, |percent| format!("{percent} %")));
        cells.push(name);
        table.add_row(cells);
    }
    for column in table.column_iter_mut().take(header.len() - 1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    page.gap();
    for (n, line) in table.lines().enumerate() {
        page.put(if n == 0 { Role::Strong } else { Role::Plain }, line.trim_end()).end();
    }
}

fn role(state: State) -> Role {
    Role::Verdict(match state {
        State::Asked => Verdict::Pass,
        State::Watched | State::AskedAs => Verdict::Info,
        State::Unasked => Verdict::Unsupported,
        State::Missing => Verdict::Fail,
    })
}

#[cfg(test)]
mod tests {
    use pop3_scenario::Catalogue;
    use snapbox::{assert_data_eq, str};

    use super::*;

    const ROWS: &str = "\
format: pop3-requirements/1
rfc: 0
title: None
sections:
  '1': One
  '2': Two
requirements:
- {id: rfc0-1-missing, side: server, section: '1', level: must, text: Nothing asks., observe: O., class: [wire]}
- {id: rfc0-1-asked, side: server, section: '1', level: must, text: It is asked., observe: O., class: [wire]}
- {id: rfc0-1-as-other, side: server, section: '1', level: should, text: The same., observe: O., class: [wire], asked_as: rfc0-1-asked}
- {id: rfc0-2-unasked, side: server, section: '2', level: may, text: It may., observe: O., class: [wire], unasked: {because: permission, why: Nothing can break it.}}
- {id: rfc0-2-of-clients, side: client, section: '2', level: must, text: T., observe: O., class: [wire]}
";

    const SCENARIO: &str = "format: pop3-scenario/1\nid: own/one\ntitle: T\nrequirements: [rfc0-1-asked]\n\
        steps:\n- open: {}\n- S: +OK\n";

    fn check(show: fn(&Coverage<'_>, &Registry) -> String, want: impl snapbox::IntoData) {
        let registry = Registry::load([("rfc0.yaml".to_owned(), ROWS.to_owned())]).unwrap();
        let (catalogue, _) = Catalogue::load([("own/one.yaml".to_owned(), SCENARIO.to_owned())], None);
        let faults: [(&str, &[&str]); 1] = [("some-fault", &["rfc0-1-asked"])];
        let coverage = Coverage::of(&registry, &catalogue.scenarios, &[], &faults);
        assert_data_eq!(show(&coverage, &registry), want.into_data());
    }

    #[test]
    fn the_summary_names_what_is_missing() {
        check(
            |coverage, registry| summary(coverage, registry, Style::default()),
            str![[r#"
 asked  watched  asked as another  unasked  missing  covered  requirements of a server
     1        0                 1        1        1     66 %  RFC 0  None

 asked  watched  asked as another  unasked  missing  covered  by level
     1        0                 0        0        1     50 %  must
     0        0                 1        0        0    100 %  should
     0        0                 0        1        0           may

 asked  watched  asked as another  unasked  missing  covered  in all
     1        0                 1        1        1     66 %

1 row is not as required:
rfc0-1-missing
  nothing asks for it; write a scenario, or say `asked_as` or `unasked` in its
  row

"#]],
        );
    }

    #[test]
    fn a_row_tells_what_asks_or_why_nothing_does() {
        check(
            |coverage, registry| rows(&coverage.rows, registry, Style::default()),
            str![[r#"
RFC 0 section 1  One
rfc0-1-missing  must  missing
    Nothing asks.
rfc0-1-asked  must  asked
    It is asked.
    scenarios: own/one
    seeded faults: some-fault
rfc0-1-as-other  should  asked as another
    The same.
    asked as: rfc0-1-asked

RFC 0 section 2  Two
rfc0-2-unasked  may  unasked
    It may.
    not asked (permission): Nothing can break it.

"#]],
        );
    }
}
