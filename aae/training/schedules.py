"""What changes over a training: learning rates, the weight of regularization, and which labels are known."""

from aae.config import Config
from aae.training.adam import Adam

CONSTANT_SHARE, LAST_RATE = 0.3, 0.01  # learning rates: constant for 30 % of the steps, then linear to 1 %


def scheduled_epochs(config: Config, epoch: int) -> int:
    """Over how many epochs the schedules of this one, from 0, run: until labels come, the training ends or goes on."""
    return next(end for end in (config.unlabeled_epochs, *config.continued_at, config.epochs) if epoch < end)


def spread_until(config: Config) -> int:
    """The first epoch, from 0, whose pseudo-labels are again the network's own: half of those with labels are over."""
    first = config.unlabeled_epochs
    return (first + scheduled_epochs(config, first) + 1) // 2


def regularizer_weight(config: Config, progress: float) -> float:
    """The weight of regularization beside reconstruction, growing geometrically over training."""
    first, last = config.regularizer_weight
    return first * (last / first) ** progress if first else 0.0


def set_rates(optimizers: dict[str, Adam], config: Config, progress: float) -> None:
    """Learning rates: constant at first, then linear down to LAST_RATE of their start."""
    decay = 1 - (1 - LAST_RATE) * max(0.0, progress - CONSTANT_SHARE) / (1 - CONSTANT_SHARE)
    starts = {"autoencoder": config.learning_rate, "discriminator": config.discriminator_learning_rate}
    for name, optimizer in optimizers.items():
        optimizer.param_groups[0]["lr"] = starts[name] * decay
