package benches;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import software.amazon.event.ruler.Machine;

/**
 * Measures Event Ruler with the rules and events of a matchcore benchmark.
 *
 * <pre>EventRuler RULES EVENTS ROUNDS SECONDS</pre>
 *
 * RULES holds a JSON line {"id": ..., "pattern": {...}} a rule, EVENTS a JSON line an event. After a warm-up of SECONDS
 * at least, so that the hot code is compiled, each round goes through the events once, for SECONDS at most; what is
 * printed is one JSON object, with the median of the rounds.
 */
public final class EventRuler {
    private static final class Round {
        long matches;
        int events;
        long nanoseconds;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 4) {
            System.err.println("usage: EventRuler RULES EVENTS ROUNDS SECONDS");
            System.exit(2);
        }
        int rounds = Integer.parseInt(arguments[2]);
        long limit = Long.parseLong(arguments[3]) * 1_000_000_000L;

        List<String> ids = new ArrayList<>();
        List<String> patterns = new ArrayList<>();
        readRules(Path.of(arguments[0]), ids, patterns);
        List<String> events = Files.readAllLines(Path.of(arguments[1]));

        long before = liveBytes();
        long start = System.nanoTime();
        Machine machine = build(ids, patterns);
        double buildSeconds = (System.nanoTime() - start) / 1e9;
        long bytes = liveBytes() - before;

        Round first = warmUp(machine, events, limit);
        double[] times = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            Round round = match(machine, events, limit);
            times[i] = (double) round.nanoseconds / round.events;
        }
        Arrays.sort(times);
        System.out.printf(
                Locale.ROOT,
                "{\"rules\": %d, \"events\": %d, \"matches\": %d, \"build_seconds\": %.6f, \"bytes\": %d, \"ns_per_event\": %.1f}%n",
                ids.size(), first.events, first.matches, buildSeconds, bytes, times[rounds / 2]);
    }

    private static Machine build(List<String> ids, List<String> patterns) throws IOException {
        Machine machine = new Machine();
        for (int i = 0; i < ids.size(); i++) {
            machine.addRule(ids.get(i), patterns.get(i));
        }
        return machine;
    }

    private static Round warmUp(Machine machine, List<String> events, long limit) throws Exception {
        long start = System.nanoTime();
        Round first = match(machine, events, limit);
        while (System.nanoTime() - start < limit) {
            match(machine, events, limit);
        }
        return first;
    }

    private static Round match(Machine machine, List<String> events, long limit) throws Exception {
        Round round = new Round();
        long start = System.nanoTime();
        for (String event : events) {
            round.matches += machine.rulesForJSONEvent(event).size();
            round.events++;
            if (round.events % 64 == 0 && System.nanoTime() - start > limit) {
                break;
            }
        }
        round.nanoseconds = System.nanoTime() - start;
        return round;
    }

    private static void readRules(Path path, List<String> ids, List<String> patterns) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode rule = mapper.readTree(line);
                ids.add(rule.get("id").asText());
                patterns.add(rule.get("pattern").toString());
            }
        }
    }

    /** What lives on the heap after a full collection. */
    private static long liveBytes() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50);
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
