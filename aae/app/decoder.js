// Networks in the browser: weights from the server, plain loops.

// Files: .safetensors is 8 bytes of header length, JSON, then the tensors

const DTYPES = { F32: Float32Array, U8: Uint8Array, I8: Int8Array };

function halfToFloat(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

function parseTensors(buffer) {
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets: [begin, end] }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const bytes = buffer.slice(8 + length + begin, 8 + length + end);
    const values = dtype === "F16" ? Float32Array.from(new Uint16Array(bytes), halfToFloat) : new DTYPES[dtype](bytes);
    tensors[name] = { values, shape };
  }
  return tensors;
}

function fromBase(path) {
  // The address of a path of the app, which may lie under a sub-path
  return new URL(path.replace(/^\/+/, ""), document.baseURI).href;
}

async function fetchTensors(url) {
  const response = await fetch(fromBase(url));
  if (!response.ok) throw new Error(`${response.status}: the server no longer has this model; reload the page`);
  return parseTensors(await response.arrayBuffer());
}

// An MLP with ReLU between its layers; weights [in, out], so that a unit that is off costs nothing

class Network {
  constructor(tensors) {
    this.layers = [];
    for (let i = 0; tensors[`bias${i}`]; i++) {
      const bias = tensors[`bias${i}`].values, n = bias.length, scale = tensors[`scale${i}`]?.values;
      // A large weight comes in two files: first the upper bytes, then the lower ones, taken for their mean until then
      const weight = tensors[`weight${i}`]?.values ?? Float32Array.from(tensors[`upper${i}`].values, (byte, k) => scale[k % n] * (256 * byte + 127.5));
      this.layers.push({ weight, scale, bias, n, out: new Float32Array(n) });
    }
  }

  refine(tensors) {
    this.layers.forEach(({ weight, scale, n }, i) => tensors[`lower${i}`]?.values.forEach((byte, k) => (weight[k] += scale[k % n] * (byte - 127.5))));
  }

  forward(input, firstBias = this.layers[0].bias) {
    let x = input;
    for (const { weight, bias, n, out } of this.layers) {
      const first = x === input;
      out.set(first ? firstBias : bias);
      for (let i = 0; i < x.length; i++) {
        const value = x[i];
        if (value === 0 || (!first && value < 0)) continue; // ReLU of the layer before
        for (let j = 0, k = i * n; j < n; j++, k++) out[j] += value * weight[k];
      }
      x = out;
    }
    return x;
  }
}

// The decoder: pixels in [0, 1]; told of classes, it has a first bias for each of them, or for a mixture

class Decoder extends Network {
  constructor(tensors) {
    super(tensors);
    const { values, shape } = tensors.told ?? { values: [], shape: [0, 0] };
    this.told = Array.from({ length: shape[0] }, (_, k) => values.subarray(k * shape[1], (k + 1) * shape[1]));
    this.bias = this.told[0] ?? this.layers[0].bias;
  }

  tell(weights) {
    // A share for each class, which sum to 1
    this.bias = this.told[0].map((_, j) => this.told.reduce((sum, bias, k) => sum + weights[k] * bias[j], 0));
  }

  decode(z, label = null) {
    const x = this.forward(z, label === null ? this.bias : this.told[label]);
    for (let j = 0; j < x.length; j++) x[j] = 1 / (1 + Math.exp(-x[j]));
    return x;
  }
}
