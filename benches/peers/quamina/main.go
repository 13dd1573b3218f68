// Command quamina measures Quamina with the rules and events of a matchcore benchmark.
//
//	quamina RULES EVENTS ROUNDS SECONDS
//
// RULES holds a JSON line {"id": ..., "pattern": {...}} a rule, EVENTS a JSON line an event. After a warm-up each round
// goes through the events once, for SECONDS at most; what is printed is one JSON object, with the median of the rounds.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"
	"strconv"
	"time"

	"quamina.net/go/quamina/v2"
)

type rule struct {
	ID      string          `json:"id"`
	Pattern json.RawMessage `json:"pattern"`
}

type result struct {
	Rules        int     `json:"rules"`
	Events       int     `json:"events"`
	Matches      int     `json:"matches"`
	BuildSeconds float64 `json:"build_seconds"`
	Bytes        uint64  `json:"bytes"`
	NsPerEvent   float64 `json:"ns_per_event"`
}

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: quamina RULES EVENTS ROUNDS SECONDS")
	}
	rounds, seconds := number(os.Args[3]), number(os.Args[4])
	runtime.GOMAXPROCS(1)

	rules := readRules(os.Args[1])
	events := readLines(os.Args[2])
	before := liveBytes()
	start := time.Now()
	engine := build(rules)
	built := time.Since(start)
	bytes := liveBytes() - before

	limit := time.Duration(seconds) * time.Second
	matches, done, _ := match(engine, events, limit)
	times := make([]float64, rounds)
	for i := range times {
		_, events, elapsed := match(engine, events, limit)
		times[i] = float64(elapsed.Nanoseconds()) / float64(events)
	}
	slices.Sort(times)
	report(result{len(rules), done, matches, built.Seconds(), bytes, times[rounds/2]})
	runtime.KeepAlive(rules)
}

func build(rules []rule) *quamina.Quamina {
	engine, err := quamina.New()
	if err != nil {
		log.Fatal(err)
	}
	for _, rule := range rules {
		if err := engine.AddPattern(rule.ID, string(rule.Pattern)); err != nil {
			log.Fatalf("rule %s: %v", rule.ID, err)
		}
	}
	return engine
}

// match goes through the events once, or until the time is up, and returns the matches and the events it saw.
func match(engine *quamina.Quamina, events [][]byte, limit time.Duration) (int, int, time.Duration) {
	matches, start := 0, time.Now()
	for i, event := range events {
		found, err := engine.MatchesForEvent(event)
		if err != nil {
			log.Fatal(err)
		}
		matches += len(found)
		if i%64 == 63 && time.Since(start) > limit {
			return matches, i + 1, time.Since(start)
		}
	}
	return matches, len(events), time.Since(start)
}

func readRules(path string) []rule {
	var rules []rule
	for _, line := range readLines(path) {
		var one rule
		if err := json.Unmarshal(line, &one); err != nil {
			log.Fatal(err)
		}
		rules = append(rules, one)
	}
	return rules
}

func readLines(path string) [][]byte {
	file, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	var lines [][]byte
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		lines = append(lines, slices.Clone(scanner.Bytes()))
	}
	if err := scanner.Err(); err != nil {
		log.Fatal(err)
	}
	return lines
}

func liveBytes() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil || value < 1 {
		log.Fatalf("%q is not a positive number", text)
	}
	return value
}

func report(found result) {
	text, err := json.Marshal(found)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
}
