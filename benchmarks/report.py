"""How every benchmark is called and answers: text for people, or one flat JSON object."""

import argparse
import json
from collections.abc import Callable


def run(measure: Callable[..., dict[str, float]], meanings: dict[str, str], **defaults: int) -> None:
    """Call measure with its numbers from the command line; print each result beside its meaning."""
    parser = argparse.ArgumentParser(description=measure.__doc__)
    parser.add_argument("--json", action="store_true", help="print one flat object")
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=value, metavar="N", help=f"default: {value}")
    options = vars(parser.parse_args())
    as_json = options.pop("json")
    results = measure(**options)
    if as_json:
        print(json.dumps(results))
        return
    for name, value in results.items():
        print(f"{name:<24}{value:>12.4g}  {meanings[name]}")
