// The table works without this script, which adds folding groups, filters, the cross-hair, and the panel with
// the answer to a cell. All text from the policy is inserted as text.
(() => {
  const id = (name) => document.getElementById(name);
  const data = JSON.parse(id("data").textContent);
  const scroller = id("scroller");
  const panel = id("panel");
  const table = id("matrix");
  if (!table) return;

  const rows = Array.from(table.tBodies[0].rows);
  const heads = Array.from(table.tHead.rows[0].cells).slice(1);
  const bands = Array.from(table.tHead.rows[1].cells);
  const corner = table.tHead.rows[0].cells[0];
  const legend = corner.firstElementChild;

  const node = ([path, label, depth]) => ({ path, depth, title: label || path.split(".").pop() });
  const categories = data.categories.map(node);
  const purposes = data.columns.map(node);
  const [, columnNouns, beforeColumn] = data.axis;
  const rowParents = parents(categories);
  const columnParents = parents(purposes);
  const answers = data.switches ? answersFor(data) : null;
  const switches = answers ? switchesFor(answers, purposes, id("facts"), () => decide()) : null;
  const closedRows = new Set();
  const closedColumns = new Set();
  const shownRows = categories.map(() => true);
  const shownColumns = purposes.map(() => true);
  let current = null; // where the arrow keys start
  let selected = null;
  let hasChanged = false; // whether other facts are stated than the page was made with

  const LETTER = { allow: "a", depends: "d", deny: "n" };
  const WORD = { allow: "Allowed", depends: "Depends", deny: "Denied" };

  // ── What is shown ─────────────────────────────────────────────────────────────────────────────

  // Which nodes to show. A filter shows its matches, with everything above and below them unfolded.
  function visible(nodes, parentOf, closed, words, used) {
    const fold = (text) => text.normalize("NFKC").toLowerCase();
    const sought = fold(words).split(/\s+/).filter(Boolean);
    const matches = (node) => {
      const text = fold(node.path + " " + node.title);
      return sought.every((word) => text.includes(word));
    };
    const shown = nodes.map((node, number) => {
      if (sought.length > 0) return matches(node);
      const parent = parentOf[number];
      return parent < 0 || !closed.has(parent);
    });
    for (let number = 0; number < nodes.length; number += 1) {
      const parent = parentOf[number];
      if (parent < 0) continue;
      if (sought.length > 0) shown[number] ||= shown[parent];
      else shown[number] &&= shown[parent];
    }
    if (sought.length > 0) {
      for (let number = nodes.length - 1; number >= 0; number -= 1) {
        if (shown[number] && parentOf[number] >= 0) shown[parentOf[number]] = true;
      }
    }
    return shown.map((is, number) => is && used[number]);
  }

  // Rows and columns with a cell that is not denied, and those above them.
  function inUse() {
    const usedRows = categories.map(() => false);
    const usedColumns = purposes.map(() => false);
    data.cells.forEach((cells, row) => {
      cells.forEach((_, column) => {
        if (verdictOf(row, column) === "deny") return;
        usedRows[row] = true;
        usedColumns[column] = true;
      });
    });
    const up = (used, parentOf) => {
      for (let number = used.length - 1; number >= 0; number -= 1) {
        if (used[number] && parentOf[number] >= 0) used[parentOf[number]] = true;
      }
    };
    up(usedRows, rowParents);
    up(usedColumns, columnParents);
    return [usedRows, usedColumns];
  }

  const all = [categories.map(() => true), purposes.map(() => true)];
  let used = null;

  function refresh() {
    used ??= inUse();
    const [usedRows, usedColumns] = id("only").checked ? used : all;
    const showRows = visible(categories, rowParents, closedRows, id("find-category").value, usedRows);
    const showColumns =
      visible(purposes, columnParents, closedColumns, id("find-purpose").value, usedColumns);
    showRows.forEach((show, row) => {
      if (shownRows[row] !== show) rows[row].hidden = !show;
      shownRows[row] = show;
    });
    showColumns.forEach((show, column) => {
      if (shownColumns[column] === show) return;
      heads[column].hidden = !show;
      for (const row of rows) row.cells[column + 1].hidden = !show;
      shownColumns[column] = show;
    });
    refreshBands();
    refreshToggles();
    const count = (shown) => shown.filter(Boolean).length;
    const [across, down] = [count(shownColumns), count(shownRows)];
    const whole = across === purposes.length && down === categories.length;
    id("shown").textContent = whole
      ? `${down} categories × ${across} ${columnNouns}`
      : `${down} of ${categories.length} categories × ${across} of ${purposes.length} ${columnNouns}`;
    document.querySelector(".nothing").hidden = across > 0 && down > 0;
    table.style.setProperty("--columns", Math.max(across, 1));
    keepReachable();
    point(null);
  }

  function refreshBands() {
    let column = 0;
    for (const band of bands) {
      const end = endOf(purposes, column);
      const width = shownColumns.slice(column, end).filter(Boolean).length;
      band.hidden = width === 0;
      band.colSpan = Math.max(width, 1);
      band.classList.toggle("narrow", width === 1);
      band.firstElementChild.setAttribute("aria-expanded", String(!closedColumns.has(column)));
      column = end;
    }
  }

  function refreshToggles() {
    rows.forEach((row, number) => {
      const toggle = row.cells[0].querySelector(".toggle");
      if (toggle) toggle.setAttribute("aria-expanded", String(!closedRows.has(number)));
    });
  }

  // ── Folding ───────────────────────────────────────────────────────────────────────────────────

  function flip(closed, number) {
    if (!closed.delete(number)) closed.add(number);
    refresh();
  }

  function toggle(text, title, flipIt) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toggle";
    button.title = title;
    button.append(...text);
    button.setAttribute("aria-expanded", "true");
    button.addEventListener("click", flipIt);
    return button;
  }

  function makeToggles() {
    rows.forEach((row, number) => {
      if (!hasChildren(categories, number)) return;
      const head = row.cells[0];
      const button = toggle(Array.from(head.childNodes), head.title, () => flip(closedRows, number));
      head.replaceChildren(button);
    });
    let column = 0;
    for (const band of bands) {
      const first = column;
      if (hasChildren(purposes, first)) {
        const button = toggle(Array.from(band.firstElementChild.childNodes), band.title, () => {
          flip(closedColumns, first);
        });
        button.className = "";
        band.replaceChildren(button);
      }
      column = endOf(purposes, column);
    }
  }

  function foldAll(fold) {
    for (const [nodes, closed] of [[categories, closedRows], [purposes, closedColumns]]) {
      closed.clear();
      if (!fold) continue;
      nodes.forEach((_, number) => hasChildren(nodes, number) && closed.add(number));
    }
    refresh();
  }

  // ── The cross-hair ────────────────────────────────────────────────────────────────────────────

  const across = document.querySelector(".bar.across");
  const down = document.querySelector(".bar.down");
  let pointed = null;

  function placeOf(target) {
    const cell = target instanceof Element ? target.closest("#matrix td") : null;
    if (!cell) return null;
    return { cell, row: cell.parentElement.sectionRowIndex, column: cell.cellIndex - 1 };
  }

  function point(place) {
    if (pointed) {
      rows[pointed.row].classList.remove("on");
      heads[pointed.column].classList.remove("on");
    }
    pointed = place;
    across.hidden = down.hidden = !place;
    if (!place) {
      corner.replaceChildren(legend);
      return;
    }
    rows[place.row].classList.add("on");
    heads[place.column].classList.add("on");
    const [row, cell] = [rows[place.row], place.cell];
    const body = table.tBodies[0];
    lay(across, { left: 0, top: row.offsetTop, width: table.offsetWidth, height: row.offsetHeight });
    lay(down, { left: cell.offsetLeft, top: body.offsetTop, width: cell.offsetWidth, height: body.offsetHeight });
    corner.replaceChildren(readout(place));
  }

  function lay(bar, box) {
    for (const [side, length] of Object.entries(box)) bar.style[side] = `${length}px`;
  }

  function readout({ row, column }) {
    return element("div", { className: "readout" }, [
      element("p", {}, [element("b", { className: "label" }, [categories[row].title])]),
      element("p", {}, [beforeColumn, element("b", { className: "label" }, [purposes[column].title])]),
      element("p", { className: "verdict" }, [shape(row, column), WORD[verdictOf(row, column)]]),
    ]);
  }

  // A heading that the pointer is on, in full: its label if it has one, and its path.
  function spell([title, path]) {
    corner.replaceChildren(element("div", { className: "readout" }, [
      element("p", {}, [element("b", { className: "label" }, [title])]),
      ...(path ? [element("p", {}, [path])] : []),
    ]));
  }

  // ── The panel ─────────────────────────────────────────────────────────────────────────────────

  function outcomeOf(row, column) {
    const stated = hasChanged && answers.outcome(row, column);
    return stated || data.outcomes[data.cells[row][column]];
  }

  function verdictOf(row, column) {
    return answers?.verdict(row, column) ?? data.outcomes[data.cells[row][column]].verdict;
  }

  function element(name, properties, children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function shape(row, column) {
    const of = rows[row].cells[column + 1].className.replace(/\bg\b/, "");
    return element("span", { className: `shape ${of}` }, []);
  }

  function open(row, column, take) {
    const outcome = outcomeOf(row, column);
    selected?.removeAttribute("aria-selected");
    selected = rows[row].cells[column + 1];
    selected.setAttribute("aria-selected", "true");
    focusOn(selected, false);
    panel.replaceChildren(...answer(row, column, outcome));
    panel.hidden = false;
    panel.scrollTop = 0;
    selected.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (take) panel.focus({ preventScroll: true });
    remember();
  }

  function close() {
    if (panel.hidden) return;
    panel.hidden = true;
    const cell = selected;
    selected?.removeAttribute("aria-selected");
    selected = null;
    remember();
    cell?.focus({ preventScroll: true });
  }

  function answer(row, column, outcome) {
    const [category, purpose] = [categories[row], purposes[column]];
    const bold = (text) => element("b", { className: "label" }, [text]);
    const shut = element("button", { type: "button", className: "close", title: "Close (Esc)" }, ["×"]);
    shut.setAttribute("aria-label", "Close");
    shut.addEventListener("click", close);
    const parts = [
      shut,
      element("p", { className: "answer" }, [shape(row, column), WORD[outcome.verdict]]),
      element("p", { className: "question" }, [
        "May ", bold(category.title), ` be ${data.participle} ${beforeColumn} `, bold(purpose.title), "?",
      ]),
      element("p", { className: "paths" }, [category.path, element("br", {}, []), purpose.path]),
    ];
    const below = outcome.verdict === "allow" ? null : groupNote(row, column);
    if (below) parts.push(element("p", { className: "part" }, [below]));
    const section = (title, content) => parts.push(element("h2", {}, [title]), content);
    const others = outcome.others ? [`and ${outcome.others.toLocaleString("en")} more`] : [];
    if (outcome.parties) section(data.parties, chips([...outcome.parties, ...others]));
    if (outcome.missing) section("Depends on facts that are not stated", chips(outcome.missing, data.facts));
    if (outcome.duties) section("Duties", chips(outcome.duties));
    const none = outcome.unbased ? [outcome.bases ? "none for a part of it" : "none"] : [];
    if (outcome.bases || outcome.unbased) section("Legal basis", chips([...(outcome.bases ?? []), ...none]));
    const least = (outcome.least ?? []).map((limit) => `at least ${limit}`);
    const limits = [...(outcome.retain ?? []), ...least];
    if (limits.length > 0) section("Retention", chips(limits));
    if (outcome.optional) section("Optional", chips(["the person may leave it out"]));
    section("Why", reasons(row, column, outcome));
    return parts;
  }

  // How much of a denied group is allowed.
  function groupNote(row, column) {
    const [lastRow, lastColumn] = [endOf(categories, row), endOf(purposes, column)];
    if (lastRow === row + 1 && lastColumn === column + 1) return null;
    let [size, allowed] = [0, 0];
    for (let r = row; r < lastRow; r += 1) {
      if (hasChildren(categories, r)) continue;
      for (let c = column; c < lastColumn; c += 1) {
        if (hasChildren(purposes, c)) continue;
        size += 1;
        if (verdictOf(r, c) === "allow") allowed += 1;
      }
    }
    const share = allowed === 0 ? "None" : allowed.toLocaleString("en");
    const of = `of the ${size.toLocaleString("en")} single ${size === 1 ? "question" : "questions"} below`;
    return `${share} ${of} ${allowed === 1 ? "is" : "are"} allowed. A group is allowed only if all of it is.`;
  }

  function chips(names, labels) {
    const chip = (name) => {
      const label = labels?.[name];
      const more = label ? [element("small", { className: "label" }, [label])] : [];
      return element("li", {}, [name, ...more]);
    };
    return element("ul", { className: "chips" }, names.map(chip));
  }

  function reasons(row, column, outcome) {
    const items = (outcome.why ?? []).map((why) => {
      if (why.at === undefined) return gap(row, column, why);
      return statement(data.statements[why.at], why.is);
    });
    if (items.length === 0) items.push(element("li", { className: "n" }, ["No statement permits it."]));
    if (outcome.more) items.push(element("li", {}, [`… and ${outcome.more.toLocaleString("en")} more.`]));
    if (outcome.unasked) items.push(element("li", {}, [`… and the reasons of other ${data.kind}, which this page leaves out.`]));
    return element("ul", { className: "reasons" }, items);
  }

  const MEANING = {
    permit: ["a", "Permits it"],
    waiting: ["d", "Would permit it"],
    never: ["n", "Forbids it"],
    threat: ["d", "Might forbid it"],
    unmet_permit: ["n", "Would permit it, but its condition does not hold"],
  };

  function statement(cited, kind) {
    const [letter, meaning] = MEANING[kind];
    const section = cited.title || cited.section;
    const where = element("div", { className: "where" }, [
      element("span", {}, [meaning]),
      element("code", {}, [`${cited.file}:${cited.line}`]),
    ]);
    if (section) where.append(element("span", { className: "label" }, [section]));
    return element("li", { className: letter }, [where, element("pre", {}, coloured(cited.text))]);
  }

  const WORDS =
    /(\/\/[^\n]*|`[^`\n]*`|"(?:[^"\\]|\\.)*")|\b(collect|use|share|never|require|to|by|with|for|when|unless|then|retain|days|except)\b/g;

  function coloured(text) {
    const parts = [];
    let at = 0;
    for (const found of text.matchAll(WORDS)) {
      const [whole, quiet, keyword] = found;
      parts.push(text.slice(at, found.index));
      at = found.index + whole.length;
      if (keyword) parts.push(element("b", {}, [keyword]));
      else if (quiet.startsWith("//")) parts.push(element("i", {}, [quiet]));
      else parts.push(whole);
    }
    parts.push(text.slice(at));
    return parts;
  }

  // Nothing permits a point: the cell itself, or a cell below it, which is linked.
  function gap(row, column, why) {
    const [r, c] = [why.category ?? row, why.purpose ?? column];
    const party = why.party ? ` (${data.preposition} ${why.party})` : "";
    if (r === row && c === column) {
      return element("li", { className: "n" }, [`No statement permits it${party}.`]);
    }
    const text = `${categories[r].title} ${beforeColumn} ${purposes[c].title}`;
    const link = element("button", { type: "button", className: "link label" }, [text]);
    link.addEventListener("click", () => {
      reveal(r, c);
      open(r, c, true);
    });
    return element("li", { className: "n" }, ["No statement permits ", link, `${party}.`]);
  }

  // Unfolds the groups that hide a cell.
  function reveal(row, column) {
    for (let r = rowParents[row]; r >= 0; r = rowParents[r]) closedRows.delete(r);
    for (let c = columnParents[column]; c >= 0; c = columnParents[c]) closedColumns.delete(c);
    refresh();
    if (shownRows[row] && shownColumns[column]) return;
    id("find-category").value = id("find-purpose").value = "";
    id("only").checked = false;
    refresh();
  }

  // ── Facts ─────────────────────────────────────────────────────────────────────────────────────

  // Shows the answers for the facts as they are now.
  function decide() {
    hasChanged = switches.hasChanged();
    const given = switches.stated();
    id("given").replaceChildren(...(given.length > 0 ? ["Given ", ...given, "."] : ["No fact is stated."]));
    const verdicts = categories.map((_, row) => purposes.map((_, column) => verdictOf(row, column)));
    const parts = partlyDenied(verdicts, rowParents, columnParents);
    const counts = { allow: 0, depends: 0, deny: 0 };
    verdicts.forEach((list, row) => list.forEach((verdict, column) => {
      counts[verdict] += 1;
      const cell = rows[row].cells[column + 1];
      const group = purposes[column].depth === 0 ? " g" : "";
      const name = LETTER[verdict] + (parts[row][column] ? " p" : "") + group;
      if (cell.className !== name) [cell.className, cell.textContent] = [name, verdict];
    }));
    count(counts);
    used = null;
    refresh();
    if (selected) {
      const { row, column } = placeOf(selected);
      panel.replaceChildren(...answer(row, column, outcomeOf(row, column)));
    }
    remember();
  }

  function count(counts) {
    const total = Math.max(1, categories.length * purposes.length);
    const bars = Array.from(document.querySelectorAll(".share i"));
    const shown = document.querySelectorAll(".counts dd");
    ["allow", "depends", "deny"].forEach((verdict, number) => {
      const percent = Math.floor((counts[verdict] * 100 + Math.floor(total / 2)) / total);
      const share = percent === 0 && counts[verdict] > 0 ? "<1" : String(percent);
      shown[number].replaceChildren(
        counts[verdict].toLocaleString("en"),
        element("small", {}, [`${share}%`]),
      );
      const bar = bars.find((bar) => bar.className === LETTER[verdict]);
      bar?.style.setProperty("--n", counts[verdict]);
    });
  }

  // The address has the open cell and the facts that differ from those of the page.
  function remember() {
    const place = selected && placeOf(selected);
    const cell = place ? `${categories[place.row].path}/${purposes[place.column].path}` : "";
    const stated = switches?.query() ?? "";
    const hash = cell + (stated ? `?${stated}` : "");
    history.replaceState(null, "", location.pathname + location.search + (hash ? `#${hash}` : ""));
  }

  // ── Keys ──────────────────────────────────────────────────────────────────────────────────────

  function focusOn(cell, take) {
    if (current) current.tabIndex = -1;
    current = cell;
    cell.tabIndex = 0;
    if (take) cell.focus();
  }

  // Keeps the one cell that the tab key reaches visible.
  function keepReachable() {
    if (!current || (!current.hidden && !current.parentElement.hidden)) return;
    const [row, column] = [shownRows.indexOf(true), shownColumns.indexOf(true)];
    if (row >= 0 && column >= 0) focusOn(rows[row].cells[column + 1], false);
  }

  function next(shown, from, step) {
    let number = from + step;
    while (number >= 0 && number < shown.length && !shown[number]) number += step;
    return number >= 0 && number < shown.length ? number : from;
  }

  function arrow(event, { row, column }) {
    const moves = {
      ArrowLeft: () => [row, next(shownColumns, column, -1)],
      ArrowRight: () => [row, next(shownColumns, column, 1)],
      ArrowUp: () => [next(shownRows, row, -1), column],
      ArrowDown: () => [next(shownRows, row, 1), column],
      Home: () => [row, next(shownColumns, -1, 1)],
      End: () => [row, next(shownColumns, shownColumns.length, -1)],
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [r, c] = move();
    focusOn(rows[r].cells[c + 1], true);
    if (!panel.hidden) open(r, c, false);
  }

  function listen() {
    table.addEventListener("mouseover", (event) => {
      point(placeOf(event.target));
      const head = event.target instanceof Element ? event.target.closest("th:not(.corner)") : null;
      if (head) spell(head.title.split("\n"));
    });
    table.addEventListener("mouseleave", () => point(placeOf(document.activeElement)));
    table.addEventListener("focusin", (event) => point(placeOf(event.target)));
    table.addEventListener("focusout", () => point(null));
    table.addEventListener("click", (event) => {
      const place = placeOf(event.target);
      if (place) open(place.row, place.column, false);
    });
    table.addEventListener("keydown", (event) => {
      const place = placeOf(event.target);
      if (!place) return;
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        open(place.row, place.column, true);
      } else {
        arrow(event, place);
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      const typing = event.target instanceof HTMLInputElement;
      if (event.key === "/" && !typing) {
        event.preventDefault();
        id("find-category").focus();
      }
    });
    for (const name of ["find-category", "find-purpose", "only"]) {
      id(name).addEventListener("input", refresh);
    }
    scroller.addEventListener("scroll", () => {
      scroller.classList.toggle("scrolled", scroller.scrollLeft > 0);
    });
    document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());
    id("fold").addEventListener("click", () => foldAll(true));
    id("unfold").addEventListener("click", () => foldAll(false));
    addEventListener("hashchange", follow);
  }

  // `#category/purpose?fact=value` in the URL opens that cell and states the fact.
  function follow() {
    const [cell, stated] = location.hash.slice(1).split("?");
    switches?.restore(new URLSearchParams(stated ?? ""));
    if (hasChanged || switches?.hasChanged()) decide();
    let place = cell;
    try {
      place = decodeURIComponent(cell);
    } catch {
      return;
    }
    const [category, purpose] = place.split("/");
    const row = categories.findIndex((node) => node.path === category);
    const column = purposes.findIndex((node) => node.path === purpose);
    if (row < 0 || column < 0) return;
    reveal(row, column);
    open(row, column, false);
  }

  table.setAttribute("role", "grid");
  document.querySelector(".tools").hidden = false;
  makeToggles();
  if (rows.length > 0 && purposes.length > 0) {
    focusOn(rows[0].cells[1], false);
  }
  refresh();
  listen();
  follow();
  document.documentElement.dataset.ready = "";
})();
