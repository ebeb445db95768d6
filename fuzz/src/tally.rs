//! What came of a target's executions, and the inputs worth going on from.

use std::collections::HashSet;

use crate::execute::Verdict;

/// Head of the table of results.
pub(crate) const HEADER: &str = "| target | executions | panics | caught in decoders | hangs over 2 s | over 1 GB | peak memory, MB |\n\
     |---|---|---|---|---|---|---|";

/// Most inputs kept to go on from.
const MOST_INPUTS: usize = 2000;

/// Longest input that is gone on from, in bytes.
const LONGEST: usize = 1 << 16;

/// What came of a target's executions.
pub(crate) struct Tally {
    name: &'static str,
    executions: u64,
    panics: u64,
    caught: u64,
    hangs: u64,
    over: u64,
    peak_bytes: usize,
    /// Outcomes seen, their numbers left out: a new one stands for a new path through the code.
    outcomes: HashSet<String>,
    corpus: Vec<Vec<u8>>,
}

impl Tally {
    pub(crate) fn new(name: &'static str, seeds: &[Vec<u8>]) -> Self {
        let outcomes = HashSet::new();
        let (executions, panics, caught, hangs, over, peak_bytes) = (0, 0, 0, 0, 0, 0);
        Self { name, executions, panics, caught, hangs, over, peak_bytes, outcomes, corpus: seeds.to_vec() }
    }

    /// The inputs to go on from.
    pub(crate) fn corpus(&self) -> &[Vec<u8>] {
        &self.corpus
    }

    /// Counts an execution; gives the kind of fault, if it was one.
    pub(crate) fn count(&mut self, verdict: Verdict, outcome: &str, input: &[u8]) -> Option<&'static str> {
        self.executions += 1;
        let kind = match verdict {
            Verdict::Fine(bytes) | Verdict::Caught(bytes) => {
                self.peak_bytes = self.peak_bytes.max(bytes);
                self.caught += u64::from(matches!(verdict, Verdict::Caught(_)));
                None
            }
            Verdict::Panic => {
                self.panics += 1;
                Some("panic")
            }
            Verdict::Hang(_) => {
                self.hangs += 1;
                Some("hang")
            }
            Verdict::Memory(bytes) => {
                self.peak_bytes = self.peak_bytes.max(bytes);
                self.over += 1;
                Some("memory")
            }
        };
        let words: String = outcome.chars().filter(|letter| letter.is_alphabetic()).take(200).collect();
        if self.outcomes.insert(words) && self.corpus.len() < MOST_INPUTS && input.len() <= LONGEST {
            self.corpus.push(input.to_vec());
        }
        kind
    }

    pub(crate) fn faults(&self) -> u64 {
        self.panics + self.hangs + self.over
    }

    /// A row of the table.
    pub(crate) fn row(&self) -> String {
        let Self { name, executions, panics, caught, hangs, over, peak_bytes, .. } = self;
        let megabytes = *peak_bytes as f64 / 1e6;
        format!("| {name} | {executions} | {panics} | {caught} | {hangs} | {over} | {megabytes:.0} |")
    }
}
