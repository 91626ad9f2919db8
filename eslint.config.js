import js from "@eslint/js";
import globals from "globals";

const KNOWN = "aae/app/server/bundle.py does not know this: export a function, a class or one constant where it is declared,"
  + " and import names of it, or all as one name.";
const UNKNOWN = [
  "ExportAllDeclaration", "ExportDefaultDeclaration", "ExportNamedDeclaration[specifiers.length>0]",
  "ExportNamedDeclaration > VariableDeclaration:matches([kind!='const'], [declarations.length>1])",
  "ImportDefaultSpecifier", "ImportDeclaration[specifiers.length=0]",
].map((selector) => ({ selector, message: KNOWN }));
const skip = { skipBlankLines: false, skipComments: false };

export default [
  js.configs.recommended,
  {
    files: ["aae/web/**/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
  },
  {
    files: ["aae/web/**/*.js"],
    ignores: ["aae/web/streamlit.js"],
    rules: { "no-restricted-syntax": ["error", ...UNKNOWN] },
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
