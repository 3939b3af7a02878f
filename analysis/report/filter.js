/* SPDX-License-Identifier: MIT
 *
 * Filters and groups the findings of the report. Without it the page shows all, by rule.
 */
"use strict";

(() => {
	const form = document.getElementById("filter");

	if (!form)
		return;

	const box = document.getElementById("groups");
	const none = document.getElementById("none");
	const output = document.getElementById("filter-count");
	const controls = ["text", "rule", "tool", "state"]
		.map((name) => [name, document.getElementById(`filter-${name}`)])
		.filter(([, control]) => control);
	const findings = [...box.querySelectorAll("article.finding")].map((article) => ({
		article,
		text: article.textContent.toLowerCase(),
		home: article.closest("section.group"),
	}));
	const homes = [...box.children];

	const accepts = {
		text: (finding, wanted) =>
			wanted.toLowerCase().split(/\s+/).every((word) => finding.text.includes(word)),
		rule: (finding, wanted) => finding.article.dataset.rule === wanted,
		tool: (finding, wanted) => finding.article.dataset.tools.split(" ").includes(wanted),
		state: (finding, wanted) => finding.article.dataset.state === wanted,
	};

	function hideEmptyGroups() {
		for (const group of box.children)
			group.hidden = !group.querySelector("article.finding:not([hidden])");
	}

	function filter() {
		const wanted = controls.map(([name, control]) => [name, control.value.trim()])
			.filter(([, value]) => value);
		let shown = 0;

		for (const finding of findings) {
			finding.article.hidden = !wanted.every(([name, value]) =>
				accepts[name](finding, value));
			shown += !finding.article.hidden;
		}
		hideEmptyGroups();
		none.hidden = shown > 0;
		output.value = `${shown} of ${findings.length} shown`;
	}

	function groupByRule() {
		for (const finding of findings)
			finding.home.append(finding.article);
		box.replaceChildren(...homes);
	}

	function groupByFile() {
		const files = new Map();

		for (const finding of findings) {
			const file = finding.article.dataset.file;

			if (!files.has(file))
				files.set(file, []);
			files.get(file).push(finding.article);
		}
		box.replaceChildren(...[...files.keys()].sort().map((file) => {
			const group = document.createElement("section");
			const heading = document.createElement("h3");

			group.className = "group";
			group.dataset.group = file;
			heading.textContent = file;
			group.append(heading, ...files.get(file));
			return group;
		}));
	}

	function regroup() {
		const by = form.elements.group.value;

		if (by === "file")
			groupByFile();
		else
			groupByRule();
		filter();
	}

	/* A link to a finding that is filtered away shows all again. */
	function reveal() {
		const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));

		if (target && target.matches("article.finding") && target.hidden) {
			form.reset();
			target.scrollIntoView();
		}
	}

	form.addEventListener("input", (event) =>
		event.target.name === "group" ? regroup() : filter());
	form.addEventListener("submit", (event) => event.preventDefault());
	/* The fields have their first values only after this event. */
	form.addEventListener("reset", () => setTimeout(regroup));
	addEventListener("hashchange", reveal);
	addEventListener("beforeprint", () => {
		for (const part of document.querySelectorAll("details"))
			part.open = true;
	});
	addEventListener("keydown", (event) => {
		const typing = event.target.matches("input, select, textarea");

		if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
			event.preventDefault();
			form.elements["filter-text"].focus();
		}
	});

	form.hidden = false;
	regroup();
})();
