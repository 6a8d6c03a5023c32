// Runs the templates of a table through Go's text/template and prints the table with what Go makes
// of each. To add templates, write them into cases.json without output, and then:
// go run generate.go <cases.json >new.json && mv new.json cases.json
package main

import (
	"encoding/json"
	"os"
	"strings"
	"text/template"
)

type artifact struct {
	Value       string
	BuildNumber int
	Tags        map[string]string
}

// The same values as in cases.test.ts.
var data = map[string]any{
	"Account": "111122223333", "Region": "us-east-1", "Environment": "dev",
	"Artifact": artifact{"hello:abcd1234", 42, map[string]string{
		"SHA": "abcd1234", "beta": "true", "empty": "", "Z": "zed", "é": "e\u0301\U0001F680", "odd": "a\"b\\c\n<d>&'\x00\x7f\u00ad",
	}},
	"List":   []any{"a", 2, 3.5, true},
	"Words":  []string{"x", "yy", "zzz"},
	"Nested": []any{[]any{1, 2}, []any{}, map[string]any{"k": []any{"deep"}}},
	"Map":    map[string]any{"b": 1, "a": "first", "c": map[string]any{"d": "inner"}},
	"None":   []any{}, "NoMap": map[string]any{}, "No": nil,
	"Yes": true, "Off": false, "Zero": 0, "Pi": 3.14159, "Half": 0.5, "Big": 9007199254740991, "Minus": -7,
}

type result struct {
	Template string  `json:"template"`
	Output   *string `json:"output,omitempty"`
	Error    string  `json:"error,omitempty"`
}

func run(text string) (r result) {
	r.Template = text
	parsed, err := template.New("t").Parse(text)
	var out strings.Builder
	if err == nil {
		err = parsed.Execute(&out, data)
	}
	if err != nil {
		r.Error = err.Error()
	} else {
		output := out.String()
		r.Output = &output
	}
	return r
}

func main() {
	var templates []result
	if err := json.NewDecoder(os.Stdin).Decode(&templates); err != nil {
		panic(err)
	}
	results := []result{}
	for _, one := range templates {
		results = append(results, run(one.Template))
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(results); err != nil {
		panic(err)
	}
}
