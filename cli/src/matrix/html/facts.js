// The answers for facts that the reader states: conditions in Kleene's three values, over the statements and terms of
// each cell. Without switches, nothing depends on facts.
function answersFor(data) {
  const [NO, UNKNOWN, YES] = [0, 1, 2];
  const VERDICTS = ["deny", "depends", "allow"];
  const MOST_REASONS = 40;
  const { facts, below, conditions, covers, limits, least, asked, cells, based, named, optional } = data.switches;
  // The value of each fact: a yes or no, one for each column, a choice, a number; null if it is not stated.
  const values = facts.map((fact) => fact.stated ?? null);
  let known = new Map(); // the values of conditions, by column

  function state(fact, value) {
    values[fact] = value;
    known = new Map();
  }

  // ── Conditions ────────────────────────────────────────────────────────────────────────────────

  function test([fact, operator, operand], column) {
    const value = Array.isArray(values[fact]) ? values[fact][column] : values[fact];
    if (value === null || value === undefined) return UNKNOWN;
    const of = (is) => (is ? YES : NO);
    switch (operator) {
      case "holds": return of(value);
      case "in": return of(operand.includes(value));
      case ">=": return of(value >= operand);
      case ">": return of(value > operand);
      case "==": return of(value === operand);
      default: return UNKNOWN;
    }
  }

  function evaluate(condition, column) {
    if (condition === true) return YES;
    if (condition === false) return NO;
    if (Array.isArray(condition)) return test(condition, column);
    if (condition.not !== undefined) return YES - evaluate(condition.not, column);
    const parts = (condition.all ?? condition.any).map((part) => evaluate(part, column));
    return condition.all ? Math.min(...parts) : Math.max(...parts);
  }

  function valueOf(number, column) {
    let ofColumn = known.get(column);
    if (!ofColumn) known.set(column, (ofColumn = []));
    return (ofColumn[number] ??= evaluate(conditions[number], column));
  }

  // The facts that keep a condition unknown.
  function missing(condition, column, found) {
    if (typeof condition === "boolean" || evaluate(condition, column) !== UNKNOWN) return;
    if (Array.isArray(condition)) found.add(condition[0]);
    else for (const part of condition.all ?? condition.any ?? [condition.not]) missing(part, column, found);
  }

  // ── Cells ─────────────────────────────────────────────────────────────────────────────────────

  // The verdict of a cell; null if no fact matters.
  function verdict(row, column) {
    const of = asked[cells[row][column]];
    if (of.length === 0) return null;
    return VERDICTS[Math.max(...of.map(([, cover]) => valueOf(covers[cover].when, column)))];
  }

  // The answer to a cell, as the page has it for the facts that it was made with; null if no fact matters.
  function outcome(row, column) {
    const word = verdict(row, column);
    if (word === null) return null;
    const value = VERDICTS.indexOf(word);
    const of = asked[cells[row][column]].filter(([, cover]) => valueOf(covers[cover].when, column) === value);
    const parties = of.map(([party]) => party).filter((party) => named && party);
    const reasons = of.flatMap(([, cover]) => reasonsOf(covers[cover], value, column));
    const distinct = [...new Map(reasons.map((why) => [`${why.is} ${why.at}`, why])).values()];
    const facts = missingOf(distinct, value, column);
    return {
      verdict: word,
      ...(value === NO ? {} : { parties: some(parties), missing: some(facts), ...termsOf(of, value, column) }),
      why: distinct.slice(0, MOST_REASONS),
      more: Math.max(0, distinct.length - MOST_REASONS),
    };
  }

  // An empty list is shown nowhere.
  function some(list) {
    return list.length > 0 ? list : undefined;
  }

  function reasonsOf(cover, verdict, column) {
    const found = { never: [], unmet_permit: [], permit: [], waiting: [], threat: [] };
    for (const point of cover.points) {
      const statements = point.map(([at, when, kind]) => ({ at, when, isNever: kind & 1, value: valueOf(when, column) }));
      const greatest = (never) => Math.max(NO, ...statements.filter((s) => !s.isNever === !never).map((s) => s.value));
      const [permitted, forbidden] = [greatest(false), greatest(true)];
      const isOpen = Math.min(permitted, YES - forbidden) === UNKNOWN;
      for (const { at, when, isNever, value } of statements) {
        const add = (is) => found[is].push({ is, at, when });
        if (isNever && value === YES) add("never");
        else if (isNever && value === UNKNOWN && isOpen) add("threat");
        else if (!isNever && value === YES) add("permit");
        else if (!isNever && value === NO && permitted === NO) add("unmet_permit");
        else if (!isNever && value === UNKNOWN && isOpen && permitted === UNKNOWN) add("waiting");
      }
    }
    if (verdict === YES) return found.permit;
    if (verdict === UNKNOWN) return [...found.waiting, ...found.threat];
    return found.never.length > 0 ? found.never : found.unmet_permit;
  }

  function missingOf(reasons, verdict, column) {
    if (verdict !== UNKNOWN) return [];
    const found = new Set();
    for (const { when } of reasons) missing(conditions[when], column, found);
    return [...found].sort((a, b) => a - b).map((fact) => facts[fact].name);
  }

  function termsOf(of, verdict, column) {
    const [duties, bases, retain, atLeast] = [new Set(), new Set(), new Set(), new Set()];
    let [isOptional, unbased] = [optional, false];
    for (const [, number] of of) {
      const cover = covers[number];
      const due = cover.terms.filter(([when]) => valueOf(when, column) !== NO);
      for (const [when, theirDuties, theirBases, , , isRequired] of due) {
        theirDuties.forEach((duty) => duties.add(duty));
        if (valueOf(when, column) >= verdict) theirBases.forEach((basis) => bases.add(basis));
        if (isRequired) isOptional = false;
      }
      merged(due.flatMap((terms) => terms[3]), limits).forEach((limit) => retain.add(limit));
      merged(due.flatMap((terms) => terms[4]), least).forEach((limit) => atLeast.add(limit));
      const isBased = (point) => point.some(([, when, kind]) => kind & 2 && valueOf(when, column) >= verdict);
      unbased ||= based && !cover.points.every(isBased);
    }
    return {
      duties: some([...duties].sort()),
      bases: some([...bases].sort()),
      unbased,
      retain: some([...retain]),
      least: some([...atLeast]),
      optional: isOptional,
    };
  }

  // Of each start and family of units, the first one counts; `until` counts before a period after the same event.
  function merged(numbers, list) {
    const first = new Map();
    for (const number of numbers) {
      const [text, start, family, rank] = list[number];
      const key = `${String(start).padStart(6, "0")} ${family === "until" ? "a" : family === "exact" ? "b" : "c"}`;
      if (!first.has(key) || rank < first.get(key).rank) first.set(key, { text, start, family, rank });
    }
    const ended = new Set([...first.values()].filter((limit) => limit.family === "until").map((limit) => limit.start));
    return [...first.entries()]
      .filter(([, limit]) => limit.family === "until" || !ended.has(limit.start))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, limit]) => limit.text);
  }

  return { facts, below, values, state, verdict, outcome };
}

