//! Which `one_of` a recorded choice belongs to.

use super::on_reference;

/// Where a choice was made is told by names.
#[tokio::test]
async fn choices_have_a_path_that_outlives_edits_elsewhere() {
    let choose = "one_of: [{id: yes, S: +OK, verdict: pass}, {id: no, S: -ERR, verdict: info}]";
    let check = async |steps: &str, want: &[&str]| {
        let ran = on_reference("mailbox: [plain, dots]\n", &format!("- use: login\n{steps}- use: quit\n")).await;
        let mut made: Vec<String> =
            ran.only().choices.iter().map(|choice| format!("{} = {}", choice.step, choice.id)).collect();
        made.sort();
        assert_eq!(made, want, "{steps}");
    };
    check(&format!("- C: NOOP\n- {choose}\n"), &["{no|yes} = yes"]).await;
    check(&format!("- C: STAT\n- S: +OK\n- C: NOOP\n- {choose}\n"), &["{no|yes} = yes"]).await;
    check(&format!("- C: NOOP\n- {choose}\n- C: NOPE\n- {choose}\n"), &["{no|yes} = yes", "{no|yes}#2 = no"]).await;
    check(
        &format!("- foreach: {{var: w, in: [NOOP, NOPE], steps: [{{C: \"${{w}}\"}}, {{{choose}}}]}}\n"),
        &["foreach w/1/{no|yes} = yes", "foreach w/2/{no|yes} = no"],
    )
    .await;
    check(
        &format!(
            "- when: {{capa: TOP, steps: [{{C: NOOP}}, {{{choose}}}]}}\n- when: {{not_capa: X-NOPE, steps: [{{C: NOOP}}, {{{choose}}}]}}\n"
        ),
        &["when TOP/{no|yes} = yes", "when not X-NOPE/{no|yes} = yes"],
    )
    .await;
    check(&format!("- retry: {{within: 1s, steps: [{{C: NOOP}}, {{{choose}}}]}}\n"), &["retry/{no|yes} = yes"]).await;
    check(
        &format!(
            "- C: NOOP\n- one_of: [{{id: first, S: +OK, verdict: pass, then: [{{C: NOPE}}, {{{choose}}}]}}, {{id: other, S: -ERR, verdict: fail}}]\n"
        ),
        &["{first|other} = first", "{first|other}/first/{no|yes} = no"],
    )
    .await;
    // Branches that play the same share their place: who gets what is a race.
    let branches = |b: &str| {
        format!("- parallel:\n    a: [{{use: greeting}}, {{C: NOOP}}, {{{choose}}}]\n    b: [{{use: greeting}}, {b}]\n")
    };
    check(
        &branches(&format!("{{C: NOOP}}, {{{choose}}}")),
        &["parallel/a|b/{no|yes} = no", "parallel/a|b/{no|yes} = no"],
    )
    .await;
    check(&branches(&format!("{{C: STAT}}, {{{choose}}}")), &["parallel/a/{no|yes} = no", "parallel/b/{no|yes} = no"])
        .await;
}
