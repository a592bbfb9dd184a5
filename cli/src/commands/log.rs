//! `whyfor log summary` and `whyfor log replay`.

use crate::args::{AnswerFormat, LogReplay, LogSummary};
use crate::decision_log::{Alike, Answer, Kept, KeptPolicies, Log, Replay, replay};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::output::markup::counted;
use crate::output::progress::Working;
use crate::output::{BOLD, DIM, Page, json, line, report, streams, style};
use crate::policy;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use whyfor::{ReasonKind, Verdict, printable};
use whyfor_serve::LoggedDecision;

const VERDICTS: [Verdict; 3] = [Verdict::Allow, Verdict::Depends, Verdict::Deny];

/// Counts what was decided.
pub(crate) fn summary(arguments: &LogSummary) -> Result<Exit, Failure> {
    let log = read(&arguments.logs)?;
    let kept = KeptPolicies::beside(&log.folders);
    let summary = Summary::of(&log, &kept);
    match arguments.format {
        AnswerFormat::Text => summary.text(&log, arguments.top).print()?,
        AnswerFormat::Json => streams::write(json::pretty(&summary))?,
    }
    Ok(unread(&log))
}

/// Asks another policy.
pub(crate) fn replayed(arguments: &LogReplay) -> Result<Exit, Failure> {
    let policy = policy::load_verified(&arguments.policy)?.policy;
    let log = read(&arguments.logs)?;
    let kept = KeptPolicies::beside(&log.folders);
    let replayed = replay(of_one_policy(&log, arguments.name.as_deref())?, &kept, &policy);
    let counts = Counts::of(&replayed);
    let others: Vec<&Replay<'_>> =
        replayed.iter().filter(|replay| replay.answer != Answer::Same).collect();
    match arguments.format {
        AnswerFormat::Text => {
            replay_text(&files::shown_name(&arguments.policy), &counts, &others, arguments.top)
                .print()?;
        }
        AnswerFormat::Json => {
            let digest = policy.digest();
            streams::write(json::pretty(&ReplayJson { digest, counts, decisions: &others }))?;
        }
    }
    let found = if others.is_empty() { Exit::Fine } else { Exit::Found };
    Ok(found.or(unread(&log)))
}

/// The decisions of the policy with this name, or of the only one.
fn of_one_policy<'l>(log: &'l Log, name: Option<&str>) -> Result<Vec<&'l Alike>, Failure> {
    let mut kinds = log.kinds();
    let names: BTreeSet<&str> = kinds.iter().map(|alike| alike.decision.policy.as_str()).collect();
    let listed = || names.iter().copied().collect::<Vec<_>>().join("`, `");
    match name {
        None if names.len() > 1 => {
            let message =
                format!("the log is of several policies: name one of `{}` by `--name`", listed());
            return Err(Failure::Usage(message));
        }
        Some(_) if names.is_empty() => {
            return Err(Failure::Usage("the log has no decisions".to_owned()));
        }
        Some(name) if !names.contains(name) => {
            let message = format!("the log has no decision of `{name}`, but of `{}`", listed());
            return Err(Failure::Usage(message));
        }
        _ => kinds.retain(|alike| name.is_none_or(|name| name == alike.decision.policy)),
    }
    Ok(kinds)
}

fn read(logs: &[PathBuf]) -> Result<Log, Failure> {
    let _working = Working::on("reading logs");
    Ok(Log::read(logs)?)
}

/// Says which lines were not read.
fn unread(log: &Log) -> Exit {
    if log.unread == 0 {
        return Exit::Fine;
    }
    let places = log.unread_places.join(", ");
    let what = "line that is not a decision was not read";
    let lines = counted(log.unread, what, "lines that are not decisions were not read");
    report!("{lines}: {places}");
    Exit::Found
}

/// A question and its answer, in words.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Line {
    policy: String,
    verdict: Verdict,
    question: String,
    why: String,
}

#[derive(Debug, Serialize)]
struct Summary {
    decisions: u64,
    verdicts: BTreeMap<&'static str, u64>,
    lost: u64,
    unread: u64,
    versions: usize,
    /// What was not allowed, the most frequent first.
    denials: Vec<Counted>,
}

#[derive(Debug, Serialize)]
struct Counted {
    count: u64,
    #[serde(flatten)]
    line: Line,
}

impl Summary {
    fn of(log: &Log, kept: &KeptPolicies) -> Self {
        let kinds = log.kinds();
        let mut verdicts: BTreeMap<_, u64> =
            VERDICTS.iter().map(|verdict| (verdict.as_str(), 0)).collect();
        let mut lines: BTreeMap<Line, u64> = BTreeMap::new();
        for Alike { decision, count } in &kinds {
            *verdicts.entry(decision.verdict.as_str()).or_default() += count;
            if decision.verdict != Verdict::Allow {
                let kept = kept.get(decision.digest);
                let line = Line {
                    policy: decision.policy.clone(),
                    verdict: decision.verdict,
                    question: question(decision),
                    why: why(decision, kept.as_deref()),
                };
                *lines.entry(line).or_default() += count;
            }
        }
        let mut denials: Vec<Counted> =
            lines.into_iter().map(|(line, count)| Counted { count, line }).collect();
        denials.sort_by_key(|counted| std::cmp::Reverse(counted.count));
        let versions: BTreeSet<String> =
            kinds.iter().map(|alike| alike.decision.digest.to_string()).collect();
        Self {
            decisions: kinds.iter().map(|alike| alike.count).sum(),
            verdicts,
            lost: log.lost,
            unread: log.unread,
            versions: versions.len(),
            denials,
        }
    }

    fn text(&self, log: &Log, top: usize) -> Page {
        let mut page = Page::new();
        let decisions = counted(self.decisions, "decision", "decisions");
        let versions = counted(self.versions, "version", "versions");
        line!(page, "{BOLD}{decisions}{BOLD:#}, by {versions}");
        if let Some((first, last)) = log.span {
            let [first, last] = [first, last].map(humantime::format_rfc3339_seconds);
            line!(page, "{DIM}from {first} to {last}{DIM:#}");
        }
        line!(page);
        for verdict in VERDICTS {
            let (colour, word) = (style(verdict), verdict.as_str());
            let count = self.verdicts.get(word).copied().unwrap_or(0);
            line!(page, "{count:>9}  {colour}{word}{colour:#}");
        }
        if self.lost > 0 {
            line!(page, "{:>9}  {BOLD}not logged{BOLD:#}", self.lost);
        }
        if !self.denials.is_empty() {
            line!(page);
        }
        for Counted { count, line: Line { policy, verdict, question, why } } in
            self.denials.iter().take(top)
        {
            let colour = style(*verdict);
            line!(page, "{count:>9}  {colour}{:<7}{colour:#}  {question}", verdict.as_str());
            line!(page, "{:20}{DIM}{policy}: {why}{DIM:#}", "");
        }
        more(&mut page, self.denials.len(), top);
        page
    }
}

fn more(page: &mut Page, lines: usize, top: usize) {
    if lines > top {
        line!(page, "{DIM}and {} more: `--top {lines}` shows them{DIM:#}", lines - top);
    }
}

/// The question, in the words of the language. A name that the policy did not know is not in the log.
fn question(decision: &LoggedDecision) -> String {
    let unknown = |name: Option<&str>| name.unwrap_or("(unknown)").to_owned();
    let field = match decision.categories.is_empty() {
        true => unknown(None),
        false => decision.categories.join(" and "),
    };
    let party = match (&decision.party, decision.act) {
        (Some(party), whyfor::ActKind::Collect) => format!(" by {party}"),
        (Some(party), _) => format!(" with {party}"),
        (None, _) => String::new(),
    };
    let purpose = unknown(decision.purpose.as_deref());
    format!("{} {field}{party} for {purpose}", decision.act)
}

/// Why, with the places of the statements if the policy is kept.
fn why(decision: &LoggedDecision, kept: Option<&Kept>) -> String {
    let place = |number: &usize| {
        let place = kept.and_then(|kept| kept.place(*number));
        place.map_or(format!("statement {number}"), str::to_owned)
    };
    let places: Vec<String> = decision.statements.iter().map(place).collect();
    let word = decision.reason.map_or("", ReasonKind::as_str);
    match (decision.missing.is_empty(), places.is_empty()) {
        (false, _) => format!("needs {} ({})", decision.missing.join(", "), places.join(", ")),
        (true, false) => format!("{word} ({})", places.join(", ")),
        (true, true) => word.to_owned(),
    }
}

#[derive(Debug, Default, Serialize)]
struct Counts {
    same: u64,
    changes: u64,
    may_change: u64,
    not_asked: u64,
}

#[derive(Debug, Serialize)]
struct ReplayJson<'r> {
    digest: whyfor::Digest,
    #[serde(flatten)]
    counts: Counts,
    /// All but those that are the same.
    decisions: &'r [&'r Replay<'r>],
}

impl Counts {
    fn of(replayed: &[Replay<'_>]) -> Self {
        let mut counts = Self::default();
        for Replay { alike, answer } in replayed {
            let to = match answer {
                Answer::Same => &mut counts.same,
                Answer::Changes { .. } => &mut counts.changes,
                Answer::MayChange { .. } => &mut counts.may_change,
                Answer::NotAsked => &mut counts.not_asked,
            };
            *to += alike.count;
        }
        counts
    }
}

fn replay_text(policy: &str, counts: &Counts, others: &[&Replay<'_>], top: usize) -> Page {
    let mut page = Page::new();
    let Counts { same, changes, may_change, not_asked } = counts;
    let all = same + changes + may_change + not_asked;
    let decisions = counted(all, "decision", "decisions");
    line!(page, "{BOLD}{decisions}{BOLD:#}, asked of {policy}");
    line!(page);
    line!(page, "{same:>9}  the same");
    line!(page, "{changes:>9}  change");
    if *may_change > 0 {
        line!(page, "{may_change:>9}  may change {DIM}by facts, which are not in the log{DIM:#}");
    }
    if *not_asked > 0 {
        line!(page, "{not_asked:>9}  not asked {DIM}since their names are not in the log{DIM:#}");
    }
    if !others.is_empty() {
        line!(page);
    }
    for Replay { alike: Alike { decision, count }, answer } in others.iter().take(top) {
        let (was, question) = (decision.verdict, question(decision));
        let old = style(was);
        match answer {
            Answer::Same => {}
            Answer::Changes { to, why } => {
                let new = style(*to);
                line!(page, "{count:>9}  {old}{was}{old:#} → {new}{to}{new:#}  {question}");
                line!(page, "{:11}{DIM}{}{DIM:#}", "", printable(why));
            }
            Answer::MayChange { when } => {
                let new = style(Verdict::Depends);
                line!(page, "{count:>9}  {old}{was}{old:#} → {new}depends{new:#}  {question}");
                line!(page, "{:11}{DIM}allowed when {when}{DIM:#}", "");
            }
            Answer::NotAsked => line!(page, "{count:>9}  {old}{was}{old:#} → ?  {question}"),
        }
    }
    more(&mut page, others.len(), top);
    page
}
