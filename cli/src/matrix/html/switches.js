// The controls for facts. "" is a fact that is not stated, "given" several purposes that the page was made with.
function switchesFor(answers, purposes, form, decide) {
  const controls = answers.facts.map(control);
  const reset = button();
  form.hidden = answers.facts.length === 0;
  form.addEventListener("submit", (event) => event.preventDefault());

  function control(fact, number) {
    const label = document.createElement("label");
    const title = document.createElement("span");
    const made = document.createElement(fact.kind === "number" ? "input" : "select");
    title.className = "label";
    title.textContent = fact.label || fact.name;
    label.title = fact.name;
    if (fact.kind === "number") Object.assign(made, { type: "number", step: "any", placeholder: "not stated" });
    else made.append(...options(fact));
    made.name = fact.name;
    made.value = asMade(fact);
    made.addEventListener("input", () => {
      set(number, made.value);
      decide();
    });
    label.append(title, made);
    form.append(label);
    return made;
  }

  function button() {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", hidden: true, textContent: "As the page was made" });
    made.addEventListener("click", () => {
      restore(new URLSearchParams());
      decide();
    });
    form.append(made);
    return made;
  }

  function options(fact) {
    const list = [["", "not stated"]];
    if (fact.kind === "choice") list.push(...fact.choices.map(([name, label]) => [name, label || name]));
    else list.push(["yes", "yes"], ["no", "no"]);
    if (fact.kind === "per_purpose" && answers.below.length > 0) {
      list.splice(1, 2, ["yes", "yes, for every purpose"], ["no", "no, for none"]);
      list.push(...purposes.map((node) => [node.path, `yes, for ${node.title}`]));
    }
    if (asMade(fact) === "given") list.push(["given", "as the page was made"]);
    return list.map(([value, text]) => Object.assign(document.createElement("option"), { value, textContent: text }));
  }

  function asMade({ kind, stated }) {
    if (stated === undefined) return "";
    if (kind === "choice" || kind === "number") return String(stated);
    const values = [stated].flat();
    if (values.every((value) => value === true)) return "yes";
    return values.every((value) => value === false) ? "no" : "given";
  }

  // The value that a text of the fact's control stands for.
  function valueOf(fact, text) {
    if (text === "") return null;
    if (text === "given") return fact.stated;
    if (fact.kind === "choice") return text;
    if (fact.kind === "number") return Number(text);
    if (text === "yes" || text === "no") return text === "yes";
    const below = answers.below[purposes.findIndex((node) => node.path === text)];
    return purposes.map((_, column) => (below.includes(column) ? true : null));
  }

  // States a fact. What its control does not take states it as the page was made.
  function set(number, text) {
    const [fact, control] = [answers.facts[number], controls[number]];
    control.value = text;
    if (control.value !== text) control.value = asMade(fact);
    answers.state(number, valueOf(fact, control.value));
    reset.hidden = !hasChanged();
  }

  function hasChanged() {
    return answers.facts.some((fact, number) => controls[number].value !== asMade(fact));
  }

  // The facts that differ from those that the page was made with, as in an address.
  function query() {
    const stated = new URLSearchParams();
    answers.facts.forEach((fact, number) => {
      if (controls[number].value !== asMade(fact)) stated.set(fact.name, controls[number].value);
    });
    return String(stated);
  }

  // All facts that are stated, as code, with commas between them.
  function stated() {
    const facts = answers.facts.map(({ name }, number) => [name, controls[number]]);
    const written = facts.filter(([, control]) => control.value !== "").map(([name, { value, selectedOptions }]) => {
      return `${name}=${value === "given" ? selectedOptions[0].textContent : value}`;
    });
    const code = (text) => Object.assign(document.createElement("code"), { textContent: text });
    return written.flatMap((text, number) => (number > 0 ? [", ", code(text)] : [code(text)]));
  }

  // States the facts of an address, and all others as the page was made.
  function restore(stated) {
    answers.facts.forEach((fact, number) => set(number, stated.get(fact.name) ?? asMade(fact)));
  }

  return { hasChanged, query, stated, restore };
}

