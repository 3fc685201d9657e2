import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Receives the public events of Wijkspoor: each one once, however often this program is killed.
 *
 * <p>The book is a file that only grows. A line holds partition, offset, sequence, source, id and the event itself, so
 * place and effect are one write; a line without its end was cut off by a kill and is taken away. Repeats are dropped by
 * source and id.
 *
 * <pre>
 * KAFKA=host:9092 java -cp 'jars/*' Subscriber.java run       receives until it is stopped
 * java -cp 'jars/*' Subscriber.java check                     names sequences that have not come
 * java -cp 'jars/*' Subscriber.java export > received.jsonl   for: wijkspoor subscription check received.jsonl …
 * </pre>
 */
public class Subscriber {
    static final String TOPIC = "wijkspoor.public.v1";
    static final Map<Integer, Long> places = new HashMap<>();
    static final Set<String> known = new HashSet<>();
    static final TreeSet<Long> sequences = new TreeSet<>();

    public static void main(String[] arguments) throws IOException {
        String name = System.getenv().getOrDefault("BOOK", "book.tsv");
        boolean export = arguments[0].equals("export");
        try (RandomAccessFile file = new RandomAccessFile(name, "rw")) {
            load(file, export);
            if (arguments[0].equals("run")) receive(file.getChannel());
        }
        if (arguments[0].equals("check")) System.exit(check());
    }

    /** Reads the book; what a kill left half written at its end goes. */
    static void load(RandomAccessFile file, boolean export) throws IOException {
        byte[] book = new byte[(int) file.length()];
        file.readFully(book);
        int begin = 0;
        for (int place = 0; place < book.length; place++) {
            if (book[place] != '\n') continue;
            String[] part = new String(book, begin, place - begin, StandardCharsets.UTF_8).split("\t", 6);
            places.merge(Integer.valueOf(part[0]), Long.parseLong(part[1]) + 1, Math::max);
            sequences.add(Long.valueOf(part[2]));
            known.add(part[3] + "\t" + part[4]);
            if (export) System.out.write(part[5].concat("\n").getBytes(StandardCharsets.UTF_8));
            begin = place + 1;
        }
        System.out.flush();
        file.setLength(begin);
        file.seek(begin);
    }

    /** Reads every partition from its place, for ever. No group: the place is ours, not Kafka's. */
    static void receive(FileChannel book) throws IOException {
        try (var consumer = new KafkaConsumer<>(access(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            consumer.partitionsFor(TOPIC).forEach(one -> all.add(new TopicPartition(TOPIC, one.partition())));
            consumer.assign(all);
            all.forEach(one -> consumer.seek(one, places.getOrDefault(one.partition(), 0L)));
            while (true) {
                StringBuilder lines = new StringBuilder();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    String name = header(record, "ce_source") + "\t" + header(record, "ce_id");
                    if (!known.add(name)) continue;
                    String event = new String(record.value(), StandardCharsets.UTF_8);
                    // Put your own work here, and what it leads to in the same line.
                    lines.append(record.partition()).append('\t').append(record.offset()).append('\t');
                    lines.append(Long.parseLong(header(record, "ce_sequence"))).append('\t');
                    lines.append(name).append('\t').append(event).append('\n');
                }
                if (lines.length() == 0) continue;
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
                while (bytes.hasRemaining()) book.write(bytes);
                book.force(false);
            }
        }
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** How to enter: by name and password (SCRAM over TLS) where they are given. */
    static Properties access() {
        Map<String, String> given = System.getenv();
        Properties access = new Properties();
        access.put("bootstrap.servers", given.get("KAFKA"));
        access.put("enable.auto.commit", "false");
        access.put("auto.offset.reset", "earliest");
        access.put("max.poll.records", "50");
        if (!given.containsKey("KAFKA_USER")) return access;
        String login = "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";";
        access.put("sasl.mechanism", "SCRAM-SHA-512");
        access.put("sasl.jaas.config", login.formatted(given.get("KAFKA_USER"), given.get("KAFKA_PASSWORD")));
        access.put("security.protocol", given.containsKey("KAFKA_CA") ? "SASL_SSL" : "SASL_PLAINTEXT");
        if (given.containsKey("KAFKA_CA")) {
            access.put("ssl.truststore.type", "PEM");
            access.put("ssl.truststore.location", given.get("KAFKA_CA"));
        }
        return access;
    }

    static int check() {
        List<Long> missing = new ArrayList<>();
        for (long one = 1; !sequences.isEmpty() && one < sequences.last(); one++)
            if (!sequences.contains(one)) missing.add(one);
        System.out.println(sequences.size() + " events; missing: " + (missing.isEmpty() ? "none" : missing));
        return missing.isEmpty() ? 0 : 1;
    }
}
