#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Err(broken) = pop3_fuzzkit::law::framing_split_invariance(data) {
        panic!("{broken}");
    }
});
