// Places on the map: axes of equal prior mass, densities; neighbours in the code's own space.

// The normal distribution function and its inverse, for axes of equal prior mass

function normalCdf(x) {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = 0.3989422804 * Math.exp((-x * x) / 2) * poly;
  return x > 0 ? 1 - tail : tail;
}

function normalQuantile(p) {
  let low = -5, high = 5; // bisection: fifty halvings cost microseconds
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function neighbours(points, z, radius, counts = () => true) {
  // How many points [N, D] lie within the radius of z [D]; the three nearest, nearest first, and how far they are.
  // counts: whether the point of an index is counted and picked at all
  const dim = z.length, square = radius * radius, nearest = [-1, -1, -1], distances = [Infinity, Infinity, Infinity];
  let count = 0, bound = Infinity; // squared: what is farther is of no interest, and its other axes are not looked at
  for (let at = 0; at < points.length; at += dim) {
    let distance = 0;
    for (let d = 0; d < dim && distance < bound; d++) {
      const difference = points[at + d] - z[d];
      distance += difference * difference;
    }
    if (distance >= bound || !counts(at / dim)) continue;
    if (distance < square) count++;
    if (distance >= distances[2]) continue;
    const k = distance < distances[0] ? 0 : distance < distances[1] ? 1 : 2;
    nearest.splice(k, 0, at / dim), nearest.pop();
    distances.splice(k, 0, distance), distances.pop();
    bound = Math.max(square, distances[2]);
  }
  const found = nearest.filter((i) => i >= 0);
  return { count, nearest: found, distances: distances.slice(0, found.length).map(Math.sqrt) };
}

function densest(points, cell) {
  // The mean of the points in the fullest cell: a class's median may lie in another class
  const cells = new Map();
  for (const point of points) {
    const key = `${Math.floor(point[0] / cell)},${Math.floor(point[1] / cell)}`;
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(point);
  }
  const own = [...cells.values()].reduce((best, cell) => (cell.length > best.length ? cell : best));
  return [0, 1].map((axis) => own.reduce((sum, point) => sum + point[axis], 0) / own.length);
}

function blur(values, n) {
  const out = new Float32Array(n * n);
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n; x++) {
      let sum = 0, count = 0;
      for (let j = Math.max(0, y - 1); j <= Math.min(n - 1, y + 1); j++)
        for (let i = Math.max(0, x - 1); i <= Math.min(n - 1, x + 1); i++) (sum += values[j * n + i]), count++;
      out[y * n + x] = sum / count;
    }
  return out;
}

function contour(values, n, level) {
  // Pieces of the line where values [n * n], at the centres of cells, cross a level (marching squares)
  const pieces = [];
  for (let y = 0; y + 1 < n; y++)
    for (let x = 0; x + 1 < n; x++) {
      const corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]], crossings = [];
      corners.forEach(([x0, y0], k) => {
        const [x1, y1] = corners[(k + 1) % 4], a = values[y0 * n + x0] - level, b = values[y1 * n + x1] - level;
        if (a > 0 !== b > 0) crossings.push([x0 + 0.5 + ((x1 - x0) * a) / (a - b), y0 + 0.5 + ((y1 - y0) * a) / (a - b)]);
      });
      for (let k = 0; k + 1 < crossings.length; k += 2) pieces.push([crossings[k], crossings[k + 1]]);
    }
  return pieces;
}

function isInside([x, y], loop) {
  // Whether a point lies inside a closed loop of points: a ray to the right crosses it an odd number of times
  let inside = false;
  for (let i = 0, j = loop.length - 1; i < loop.length; j = i++) {
    const [xi, yi] = loop[i], [xj, yj] = loop[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
