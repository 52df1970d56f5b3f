package main

import (
	"encoding/json"
	"fmt"
)

type entry struct {
	Kind   string `json:"kind"`
	Class  string `json:"class"`
	Number int64  `json:"number"`
}

type sum struct {
	received, withdrawn int64
	excluded            map[string]int64
}

func newSum() *sum { return &sum{excluded: map[string]int64{}} }

func (s *sum) add(data []byte) error {
	var one entry
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	switch one.Kind {
	case "received":
		s.received++
	case "withdrawn":
		s.withdrawn++
	case "excluded":
		s.excluded[one.Class] += one.Number
	case "restored":
		s.excluded[one.Class] -= one.Number
	default:
		return fmt.Errorf("unknown kind %q", one.Kind)
	}
	return nil
}

func (s *sum) String() string {
	number := s.received - s.withdrawn
	for _, excluded := range s.excluded {
		number -= excluded
	}
	return fmt.Sprintf("sum: %d received - %d withdrawn - %d duplicate - %d held back - %d invalidated = %d",
		s.received, s.withdrawn, s.excluded["duplicate"], s.excluded["held_back"], s.excluded["invalidated"], number)
}
