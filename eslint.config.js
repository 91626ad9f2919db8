import js from "@eslint/js";
import globals from "globals";

const skip = { skipBlankLines: false, skipComments: false };

export default [
  js.configs.recommended,
  {
    files: ["aae/web/**/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
  },
  {
    files: ["tests/js/**/*.js", "eslint.config.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.node },
  },
  {
    rules: {
      "complexity": ["error", 12],
      "eqeqeq": ["error", "always", { null: "ignore" }],
      "max-depth": ["error", 4],
      "max-len": ["error", { code: 120, ignoreUrls: true }],
      "max-lines": ["error", { max: 200, ...skip }],
      "max-lines-per-function": ["error", { max: 150, ...skip }],
      "max-params": ["error", 6],
      "no-implicit-globals": "error",
      "no-shadow": "error",
      "no-undef": "error",
      "no-unused-vars": ["error", { args: "all", argsIgnorePattern: "^_" }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["tests/js/**/*.js"],
    rules: { "max-lines-per-function": "off" },
  },
];
