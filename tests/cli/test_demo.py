"""The demo does the main job in a folder of its own, leaves papers there, and touches nobody else's."""

import shlex


def test_the_demo_ends_with_papers_shows_every_command_and_can_be_done_again(run, tmp_path, monkeypatch):
    monkeypatch.delenv("ANCADMIN_DB", raising=False)
    folder = tmp_path / "some demo"
    shown = run(["demo", str(folder), "--members", "200"])
    assert shown.code == 0, shown.err
    assert [line.split()[0] for line in shown.out.splitlines()] == [
        *("registers", "deposits", "money", "standing", "papers", "store")
    ]
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    _can_be_typed_by_hand(run, shown.err, folder, monkeypatch)
    papers = sorted(path.relative_to(folder / "papers").as_posix() for path in (folder / "papers").rglob("*.*"))
    assert {"cost-comparison-1.pdf", "cost-comparison-1.xlsx"} <= set(papers)
    for kind in ("branch-lists", "attendance-registers"):
        assert {name.rsplit(".")[-1] for name in papers if name.startswith(kind)} == {"pdf", "xlsx", "csv"}
    assert {"branch-health", "cards"} <= {name.rpartition("-")[0] for name in papers}
    assert "attendance-registers/summary.pdf" in papers

    again = run(["demo", str(folder), "--members", "200", "--json", "--quiet"])
    assert (again.code, again.err) == (0, ""), "quiet when asked; an earlier demo is done anew"
    summary = again.json
    rows = summary["register_rows"]
    assert rows["accepted"] == summary["members"] > 150
    assert rows["quarantined"] > 0
    assert {"matched", "bulk", "unallocated"} <= set(summary["deposits"])
    assert summary["deposited_cents"] == summary["allocated_cents"] + summary["unallocated_cents"] > 0
    assert sum(summary["standing"].values()) == summary["members"]
    assert summary["papers"] == len([name for name in papers if name.endswith((".pdf", ".xlsx"))])
    assert f"{summary['papers']} in {folder / 'papers'}" in shown.out, "and comes to the same"
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine", "what somebody put there stays"


def _can_be_typed_by_hand(run, shown, folder, monkeypatch):
    typed = [shlex.split(line)[2:] for line in shown.splitlines() if line.startswith("$ ancadmin ")]
    assert {
        ("register", "import"),
        ("deposits", "match"),
        ("member", "explain"),
        ("export", "attendance-register"),
        ("export", "cost-comparison"),
        ("audit", "verify"),
    } <= {tuple(words[:2]) for words in typed}
    with monkeypatch.context() as there:
        there.chdir(folder)
        match = run(["deposits", "match", "--json"])
        assert (match.code, match.json["matched"]) == (0, 0), "the demo's own store is found, and all is done"
        assert run(next(words for words in typed if words[:2] == ["member", "explain"])).code == 0
        checked = run(["check"])
        assert (checked.code, checked.out) == (0, ""), "the store offends no rule, its issued papers included"


def test_a_folder_with_something_in_it_is_refused_and_left_alone(run, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    answer = run(["demo", str(tmp_path)])
    assert answer.code == 3
    assert str(tmp_path) in answer.err
    assert "ancadmin demo FOLDER" in answer.err, "the remedy"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_folder(run, tmp_path):
    (tmp_path / "demo").write_text("", encoding="utf-8")
    assert run(["demo", str(tmp_path / "demo")]).code == 3
