"""Pictures: right size, right place, right order."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import ImageColor

from aae import data, figures, runs, training
from aae.config import Config, ConfigError

TINY = Config(dataset="digits", hidden=(32,), discriminator_hidden=(16,), epochs=1)


def trained(**changes):
    images = data.load("digits")
    state = training.start(replace(TINY, **changes))
    for _ in training.train(state, images):
        pass
    return runs.finish(state, images, "tiny")


@pytest.fixture(scope="module")
def run():
    return trained()


@pytest.fixture(scope="module")
def mixture():
    return trained(prior="mixture", labels="discriminator")


@pytest.fixture(scope="module")
def supervised():
    return trained(labels="decoder", latent_dim=3)


@pytest.fixture(scope="module")
def categories():
    return trained(n_categories=6)


@pytest.fixture(scope="module")
def reduced():
    return trained(n_categories=6, cluster_heads=True, head_distance=2.0)


def test_tiles_stand_in_reading_order():
    images = torch.tensor([[0.0] * 4, [1.0] * 4, [0.5] * 4])
    sheet = np.asarray(figures.tile(images, (1, 2, 2), columns=2, gap=1))
    assert sheet.shape == (5, 5)
    assert sheet[0, 0] == 0 and sheet[0, 3] == 255 and sheet[3, 0] == 128
    assert sheet[3, 3] == 0  # nothing


def test_enlarging_keeps_pixels_sharp():
    small = figures.tile(torch.tensor([[0.0, 1.0, 1.0, 0.0]]), (1, 2, 2), 1)
    assert sorted(set(np.asarray(figures.enlarge(small, 100)).flatten())) == [0, 255]


def test_a_manifold_is_decoded_where_its_cell_is(run):
    sheet = np.asarray(figures.manifold(run, n=5, percentile=True))
    corner = run.model().sample(figures.planes.percentile_grid(1.0, 5)[:1])
    assert np.abs(sheet[:8, :8].flatten() / 255.0 - corner[0].numpy()).max() < 1 / 255


def test_reconstructions_stand_under_their_images(run):
    images = data.load("digits").test.rows(slice(20))
    sheet = np.asarray(figures.reconstructions(run, rows=2))
    assert sheet.shape == (4 * 9 - 1, 10 * 9 - 1)
    assert np.array_equal(sheet[:8, :8].flatten(), images.pixels[0].numpy())
    assert np.array_equal(sheet[18:26, :8].flatten(), images.pixels[10].numpy())


def test_denoising_shows_an_image_what_was_done_to_it_and_what_became_of_it(run):
    with pytest.raises(ConfigError, match="input_noise"):
        figures.denoising(run)
    masking = trained(input_noise=0.5, corruption="masking")
    sheet = np.asarray(figures.denoising(masking, rows=1)).astype(int)
    image, seen, mended = (sheet[10 * row : 10 * row + 8, :8] for row in range(3))
    assert np.array_equal(image.flatten(), data.load("digits").test.pixels[0].numpy())
    kept = seen != 0
    assert np.array_equal(seen[kept], image[kept]) and 0 < kept.sum() < (image != 0).sum()
    decoded = masking.model().reconstruct(masking.model().encode(torch.tensor(seen / 255.0).float().view(1, -1)))
    assert np.abs(mended.flatten() / 255.0 - decoded.sigmoid()[0].numpy()).max() < 2 / 255


def test_a_scatter_puts_codes_where_they_are(run):
    codes = torch.zeros(len(run.test_labels), 2)
    codes[:, 0] = torch.where(run.test_labels == 0, 0.5, -0.5)
    codes[:, 1] = torch.linspace(-0.9, 0.9, len(codes))  # beside the glyph at the median
    picture = np.asarray(figures.scatter(run, side=200, codes=codes, square=(0, 0, 1)).convert("RGB")).astype(int)
    zeros = np.abs(picture - ImageColor.getrgb(figures.CLASS_COLOURS[0])).sum(2) < 20
    assert zeros[:, 100:].sum() > 0 and zeros[:, :80].sum() == 0


def test_samples_are_drawn_anew_for_each_label_in_turn(supervised):
    drawn = figures.planes.generate(supervised.model(), 20)
    z = figures.planes.prior_samples(supervised.model(), 20)
    y = torch.eye(10)[torch.arange(20) % 10]
    assert torch.equal(drawn, supervised.model().sample(z, y))


def test_the_nearest_training_image_is_the_nearest(run):
    sheet = np.asarray(figures.nearest(run, columns=4, rows=1)).astype(float) / 255
    train = data.load("digits").train.floats().numpy()
    drawn, found = (sheet[y : y + 8, 9:17].flatten() for y in (0, 9))
    assert np.allclose(found, train[np.square(train - drawn).sum(1).argmin()], atol=1e-3)


def test_components_are_walked_a_row_each(mixture):
    sheet = np.asarray(figures.components(mixture, columns=5))
    assert sheet.shape == (10 * 8, 5 * 8)
    middle = mixture.model().sample(torch.tensor([[0.0, 1.4]]).roll(1, 1))  # component 0 lies to the right
    assert np.abs(sheet[:8, 16:24].flatten() / 255 - middle[0].numpy()).max() < 1 / 255


def test_components_are_of_the_class_that_a_decoder_is_conditioned_on():
    told = trained(prior="mixture", labels="both")
    sheet = np.asarray(figures.components(told, columns=5))
    places = figures.priors.component_path("mixture", 5)[:, 2]  # the middle of each
    middles = told.model().sample(places, torch.eye(10)).numpy()
    drawn = sheet[:, 16:24].reshape(10, 64) / 255
    assert np.abs(drawn - middles).max() < 1 / 255


def test_a_row_of_styles_has_one_style_and_all_labels(supervised):
    sheet = np.asarray(figures.styles(supervised, rows=2))
    assert sheet.shape == (2 * 8, 10 * 8)
    z = figures.planes.prior_samples(supervised.model(), 2)
    third = supervised.model().sample(z[1:], torch.eye(10)[3:4])
    assert np.abs(sheet[8:, 24:32].flatten() / 255 - third[0].numpy()).max() < 1 / 255


def test_clusters_show_a_head_and_its_surest_members(reduced):
    sheet = np.asarray(figures.clusters(reduced, members=3))
    assert sheet.shape == (6 * 9 - 1, 4 * 9 - 1)
    test = data.load("digits").test
    surest = figures.encode_all(reduced.model(), test).y[:, 2].argmax()
    assert np.array_equal(sheet[18:26, 9:17].flatten(), test.pixels[surest].numpy())


def test_heads_and_prior_are_drawn_on_the_map(reduced, run):
    assert figures.heads(reduced, side=200).size == figures.under_prior(run, side=200).size == (200, 200)
    assert figures.interpolation(run, pairs=2, columns=6).size == (6 * 8, 4 * 8)


@pytest.mark.parametrize("kind", ["supervised", "categories"])
def test_an_interpolation_begins_and_ends_with_what_its_images_are_decoded_to(kind, request):
    """Unconditional, or always of the first class, it would begin with a 0."""
    shown = request.getfixturevalue(kind)
    sheet = np.asarray(figures.interpolation(shown, pairs=3, columns=4)).reshape(6, 8, 4, 8) / 255
    test, model = data.load("digits").test, shown.model()
    pairs = torch.randint(len(test.labels), (3, 2), generator=torch.Generator().manual_seed(figures.SEED))
    for ends, straight, dense in zip(pairs, sheet[::2], sheet[1::2], strict=True):
        wanted = model.reconstruct(model.encode(test.rows(ends).floats()), test.labels[ends]).sigmoid().numpy()
        for row in (straight, dense):
            drawn = np.stack([row[:, 0].flatten(), row[:, -1].flatten()])
            assert np.abs(drawn - wanted).max() < 0.01


@pytest.mark.parametrize("name", ["components", "styles", "clusters", "heads"])
def test_a_figure_that_does_not_fit_the_run_says_which_would(run, name):
    with pytest.raises(ConfigError, match="choose a"):
        figures.FIGURES[name](run)


def test_percentiles_need_one_gaussian(mixture, reduced):
    for run in (mixture, reduced):
        with pytest.raises(ConfigError, match="choose a run"):
            figures.percentiles(run)


SEEN = {  # linear RGB as it is seen without one kind of cones: Machado, Oliveira and Fernandes 2009, severity 1
    "all cones": np.eye(3),
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.147], [0.005, 0.691, 0.304]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])  # of linear sRGB


def linear(*colours):
    """sRGB colours "#rrggbb" as linear RGB [N, 3]."""
    rgb = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """Linear RGB [N, 3] as CIE L*a*b* [N, 3]."""
    ratio = rgb.clip(0, 1) @ XYZ.T / XYZ.sum(1)
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], 1)


def ciede2000(one, other):
    """The CIEDE2000 difference of L*a*b* colours [..., 3]; about 1 is just seen, side by side."""
    (light, a, b), (light2, a2, b2) = np.moveaxis(one, -1, 0), np.moveaxis(other, -1, 0)

    def share(chroma):
        return np.sqrt(chroma**7 / (chroma**7 + 25.0**7))

    stretch = 1.5 - 0.5 * share((np.hypot(a, b) + np.hypot(a2, b2)) / 2)
    chroma, chroma2 = np.hypot(a * stretch, b), np.hypot(a2 * stretch, b2)
    hue, hue2 = (np.degrees(np.arctan2(y, x * stretch)) % 360 for x, y in ((a, b), (a2, b2)))
    turn = (hue2 - hue + 180) % 360 - 180
    hue, mean = np.radians(hue + turn / 2), (chroma + chroma2) / 2
    lightness = ((light + light2) / 2 - 50) ** 2
    toned = 1 - 0.17 * np.cos(hue - np.radians(30)) + 0.24 * np.cos(2 * hue)
    toned += 0.32 * np.cos(3 * hue + np.radians(6)) - 0.2 * np.cos(4 * hue - np.radians(63))
    blue = 60 * np.exp(-(((np.degrees(hue) % 360 - 275) / 25) ** 2))
    by_light = (light2 - light) / (1 + 0.015 * lightness / np.sqrt(20 + lightness))
    by_chroma = (chroma2 - chroma) / (1 + 0.045 * mean)
    by_hue = 2 * np.sqrt(chroma * chroma2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * mean * toned)
    rotated = 2 * share(mean) * np.sin(np.radians(blue)) * by_chroma * by_hue
    return np.sqrt(np.maximum(by_light**2 + by_chroma**2 + by_hue**2 - rotated, 0))


@pytest.mark.parametrize(  # Sharma, Wu and Dalal 2005, Table 1
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (61, -5, 29), 22.8977),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_differences_of_colours_are_those_of_the_standard(one, other, expected):
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)


LEAST = {"all cones": 18, "protanopia": 14, "deuteranopia": 14, "tritanopia": 12}


@pytest.mark.parametrize(("seen", "least"), LEAST.items())
def test_ten_classes_differ_in_colour(seen, least):
    place = lab(linear(*figures.CLASS_COLOURS) @ np.transpose(SEEN[seen]))
    difference = ciede2000(place[:, None], place[None])
    assert len(place) == 10 and difference[np.triu_indices(10, 1)].min() > least


@pytest.mark.parametrize("background", ["#ffffff", "#0e1117"])
def test_colours_of_classes_stand_out_on_both_themes(background):
    light = linear(background, *figures.CLASS_COLOURS) @ XYZ[1] + 0.05
    assert (np.maximum(light[0], light[1:]) / np.minimum(light[0], light[1:])).min() >= 3
