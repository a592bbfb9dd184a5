"use strict";

// Trees of headings: lists of nodes in which each node stands before those below it.

function parents(nodes) {
  const above = [];
  return nodes.map((node, number) => {
    above.length = node.depth;
    const parent = node.depth > 0 ? above[node.depth - 1] : -1;
    above.push(number);
    return parent;
  });
}

function hasChildren(nodes, number) {
  return number + 1 < nodes.length && nodes[number + 1].depth > nodes[number].depth;
}

// The end of the nodes below a node.
function endOf(nodes, number) {
  let end = number + 1;
  while (end < nodes.length && nodes[end].depth > nodes[number].depth) end += 1;
  return end;
}

// The cells that are denied, while something below them is not.
function partlyDenied(verdicts, rowParents, columnParents) {
  const below = verdicts.map((list) => list.map((verdict) => verdict !== "deny"));
  for (let row = rowParents.length - 1; row >= 0; row -= 1) {
    const above = below[rowParents[row]];
    if (above) below[row].forEach((is, column) => (above[column] ||= is));
  }
  for (let column = columnParents.length - 1; column >= 0; column -= 1) {
    const parent = columnParents[column];
    if (parent >= 0) below.forEach((list) => (list[parent] ||= list[column]));
  }
  return below.map((list, row) => list.map((is, column) => is && verdicts[row][column] === "deny"));
}

