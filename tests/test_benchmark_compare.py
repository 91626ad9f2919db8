"""Claims are decided by what was measured, whichever way it went."""

import json

from benchmarks import compare


def figures(holes, distance, seconds):
    rows = zip(holes, distance, seconds, strict=True)
    return [{"holes": h, "prior_distance": d, "seconds": s, "reconstruction_mse": 0.03} for h, d, s in rows]


def test_a_claim_holds_or_fails_by_its_figures():
    measured = {"vae": figures([4, 6], [0.06, 0.06], [10, 10]), "aae": figures([1, 3], [0.04, 0.08], [9, 9])}
    summary = compare.summarize({"ae": measured["vae"], **measured})
    verdicts = [compare.verdict(summary, metric, statistic) for _, metric, statistic in compare.CLAIMS]
    assert [text.split(":")[0] for text in verdicts] == ["Yes", "No", "No", "Yes"]
    assert "2.00 against 5.00" in verdicts[0]
    assert "| vae | 0.0300 ± 0.0000 | 0.060 ± 0.000 | 5.0 ± 1.4 | 10 ± 0 |" in compare.markdown(summary)


def test_the_kept_result_is_what_its_figures_say():
    if compare.RESULTS.exists():
        result = json.loads(compare.RESULTS.read_text())
        assert result["markdown"] == compare.markdown(result["summary"])
