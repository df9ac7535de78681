// Reads YAML the way Kubernetes does, with sigs.k8s.io/yaml, and says which strings do not come back.
//
// usage: witness STREAM EXPECTED
//
// STREAM holds documents separated by lines of `---`. EXPECTED holds one JSON document per line; the document of the
// same number must read back as exactly that. Every one that does not is printed; the exit code is then 1.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) != 3 {
		fail("usage: witness STREAM EXPECTED")
	}
	stream, err := os.ReadFile(os.Args[1])
	check(err)
	// Kubernetes splits a stream into documents before it reads any YAML.
	documents := bytes.Split(append([]byte("\n"), stream...), []byte("\n---\n"))

	expected, err := os.Open(os.Args[2])
	check(err)
	lines := bufio.NewScanner(expected)
	lines.Buffer(nil, 1<<24)

	count, wrong := 0, 0
	for ; lines.Scan(); count++ {
		if count >= len(documents) {
			fail("the stream has only %d documents", len(documents))
		}
		var want, got interface{}
		check(json.Unmarshal(lines.Bytes(), &want))
		body, err := yaml.YAMLToJSONStrict(append(documents[count], '\n'))
		if err == nil {
			err = json.Unmarshal(body, &got)
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			wrong++
			fmt.Printf("document %d: wanted %s, got %s (%v) from:\n%s\n", count, lines.Bytes(), body, err, documents[count])
		}
	}
	check(lines.Err())
	if count != len(documents) {
		fail("%d documents are expected, the stream has %d", count, len(documents))
	}
	fmt.Printf("%d documents read, %d wrong\n", count, wrong)
	if wrong > 0 {
		os.Exit(1)
	}
}

func check(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, arguments ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
	os.Exit(2)
}
