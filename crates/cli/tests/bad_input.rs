#[test] fn s(){}
