"""A report on a file of custom data, in short sentences: what was read, left out and changed."""

from collections import Counter
from dataclasses import dataclass, field

from aae.texts import quoted, shown

TURNED = "turned as their EXIF orientation says"
ANIMATED = "animated: the first frame is used"
TRANSPARENT = "with transparency: put on the ground that they contrast with"
INVERTED = "dark on light: inverted"
MAX_REASONS = 50  # for which something is left out
MAX_LISTED, MAX_CLASSES = 4, 20  # reasons and classes in a sentence


@dataclass
class Report:
    """How many images and classes there are, what was left out and why, and what was changed."""

    classes: dict[str, int] = field(default_factory=dict)  # name: number of images
    source: str = ""  # where in the file the classes, or the arrays, were found
    left_out: dict[str, tuple[int, str]] = field(default_factory=dict)  # reason: how many, and one of them
    changed: Counter[str] = field(default_factory=Counter)  # what was done: to how many images
    stretched: tuple[float, float] | None = None  # the numbers that became black and white
    cut_off: bool = False  # whether rare numbers lie beyond those

    @property
    def n_images(self) -> int:
        return sum(self.classes.values())

    def leave_out(self, reason: str, example: str) -> None:
        """Count something that is not used."""
        reason = reason if reason in self.left_out or len(self.left_out) < MAX_REASONS else "others"
        n, first = self.left_out.get(reason) or (0, shown(example))
        self.left_out[reason] = n + 1, first

    def omissions(self) -> str:
        """What was left out, as a list; empty where nothing was."""
        reasons = sorted(self.left_out.items(), key=lambda item: -item[1][0])
        listed = [f"{reason}: {n:,} (such as {quoted(example)})" for reason, (n, example) in reasons[:MAX_LISTED]]
        others = sum(n for _, (n, _) in reasons[MAX_LISTED:])
        return "; ".join(listed + [f"other reasons: {others:,}"] * (others > 0))

    def lines(self) -> list[str]:
        """All of it, a sentence each."""
        names = [f"{name} ({n:,})" for name, n in self.classes.items()]
        rest = f" and {len(names) - MAX_CLASSES} more" if len(names) > MAX_CLASSES else ""
        listed = ", ".join(names[:MAX_CLASSES]) + rest
        classes = f" in {len(names)} classes: {listed}" if len(names) > 1 else ", of one class"
        lines = [f"{self.n_images:,} images{classes}.", self.source]
        lines += [f"{n:,} {what}." for what, n in self.changed.items() if n]
        if self.stretched:
            cut = "; the few numbers beyond were cut off" if self.cut_off else ""
            lines.append(f"Numbers from {self.stretched[0]:.6g} to {self.stretched[1]:.6g} became black to white{cut}.")
        if self.left_out:
            lines.append(f"Left out: {self.omissions()}.")
        return [line for line in lines if line]
