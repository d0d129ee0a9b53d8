//! Accounts that a scenario wants, tokens, and what a client says otherwise.

use super::*;

/// The verdict of a scenario with one login on the reference server, and no secret in the log.
async fn check(header: &str, steps: &str, want: Verdict) {
    let ran = on_reference(header, steps).await;
    assert_verdict(&ran, want, &format!("{header}{steps}"));
    assert!(!ran.log().contains("sesame"), "{}", ran.log());
}

const PLAIN: &str = "needs: {capa: [SASL PLAIN]}\n";
const SCRAM: &str = "needs: {capa: [SASL SCRAM-SHA-256]}\n";
const TOKEN: &str = "needs: {capa: [SASL OAUTHBEARER], profile: [oauth], tls: implicit}\n";

#[tokio::test]
async fn what_is_altered_is_what_the_server_hears() {
    let greeting = "- use: greeting\n";
    let auth = |rest: &str| format!("{greeting}- auth: {{{rest}}}\n");
    // The same client, and one thing otherwise.
    check(PLAIN, &auth("mechanism: PLAIN"), Pass).await;
    check(PLAIN, &auth(r"mechanism: PLAIN, alter: [{with: '\0'}], expect: err"), Pass).await;
    check(PLAIN, &auth(r"mechanism: PLAIN, alter: [{with: '\0'}]"), Fail).await;
    // The proof is made over what was said.
    check(SCRAM, &auth("mechanism: SCRAM-SHA-256, alter: [{with: ',x=y'}, {message: 2, with: ',x=y'}]"), Pass).await;
    check(SCRAM, &auth("mechanism: SCRAM-SHA-256, alter: [{message: 2, replace: 'c=biws', with: 'c=eSws'}]"), Fail)
        .await;
    check(SCRAM, &auth("mechanism: SCRAM-SHA-256, nonce: abc, alter: [{replace: 'r=abc', with: 'r=abcd'}]"), Pass)
        .await;
    // The message has no such octets: the scenario is at fault.
    check(PLAIN, &auth("mechanism: PLAIN, alter: [{replace: nowhere, with: x}]"), Error).await;
}

#[tokio::test]
async fn an_exchange_is_cancelled_in_place_of_a_message() {
    let auth = |rest: &str| format!("- use: greeting\n- auth: {{{rest}}}\n- C: STAT\n- S: -ERR\n");
    for message in 1..=3 {
        let step = format!("mechanism: SCRAM-SHA-256, cancel: {message}, expect: err");
        check(SCRAM, &auth(&step), Pass).await;
    }
    // It has no fourth one, and so is let in.
    check(SCRAM, &auth("mechanism: SCRAM-SHA-256, cancel: 4, expect: err"), Fail).await;
    // Refused before there was anything to cancel.
    let wrong = r#"mechanism: SCRAM-SHA-256, password: "${wrong}", cancel: 3, expect: err"#;
    check(SCRAM, &auth(wrong), Inconclusive).await;
}

#[tokio::test]
async fn a_scenario_has_the_account_that_it_wants() {
    let steps = "- use: greeting\n- auth: PLAIN\n";
    for account in ["{user: \"${user} é\"}", "{password: \"sesame ]\\\" é\"}", "{user: \"a${user}\", password: sesame}"]
    {
        check(&format!("{PLAIN}account: {account}\n"), steps, Pass).await;
    }
    check(&format!("{PLAIN}account: {{password: sesame}}\n"), "- use: login\n", Pass).await;
}

#[tokio::test]
async fn a_token_is_known_where_there_are_tokens() {
    let tls = "- open: {tls: implicit}\n- S: +OK\n";
    let auth = |token: &str| format!("{tls}- auth: {{mechanism: OAUTHBEARER, token: \"{token}\"}}\n");
    check(TOKEN, &auth("${token}"), Pass).await;
    check(TOKEN, &auth("x${token}"), Fail).await;
}
