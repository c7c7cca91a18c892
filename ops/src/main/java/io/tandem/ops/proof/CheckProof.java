package io.tandem.ops.proof;

import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Checks a file of {@code tandem audit export --proof} against a public key, and shows what it
 * proves. Needs the platform alone: no database, no node, no other class of this project.
 *
 * <p>What holds afterwards: whoever has the key signed, at the time shown, a tree of events in
 * which each event shown stands, byte for byte, at the place shown (RFC 9162, RFC 8032,
 * c2sp.org/tlog-checkpoint); and events of one entity that follow one another were written after
 * one another.
 *
 * <pre>java -cp tandem-ops.jar io.tandem.ops.proof.CheckProof FILE KEY</pre>
 */
public final class CheckProof {

  private static final int HASH_BYTES = 32;
  private static final int ID_BYTES = 4;
  private static final int ENVELOPE_PARTS = 15;
  private static final byte[] NONE = new byte[HASH_BYTES];

  private final PrintWriter out;
  private final String name;
  private final byte[] id;
  private final PublicKey key;
  private final Map<String, byte[]> lastHash = new HashMap<>();
  private final Map<String, Long> lastSequence = new HashMap<>();

  /** A file that proves nothing; the message says why. */
  public static final class Refused extends RuntimeException {
    Refused(String message) {
      super(message);
    }
  }

  /** A checkpoint whose signature holds. */
  private record Root(long size, byte[] hash, String number, String at) {}

  private CheckProof(String key, PrintWriter out) throws GeneralSecurityException {
    this.out = out;
    String[] parts = key.strip().split("\\+", 3);
    byte[] typed = parts.length == 3 ? Base64.getDecoder().decode(parts[2]) : NONE;
    if (typed.length != HASH_BYTES + 1 || typed[0] != 1) {
      throw new Refused("a public key is name+hash+base64 of an Ed25519 key");
    }
    this.name = parts[0];
    this.id =
        Arrays.copyOf(sha256((name + "\n").getBytes(StandardCharsets.UTF_8), typed), ID_BYTES);
    if (!HexFormat.of().formatHex(id).equals(parts[1])) {
      throw new Refused("the public key was mistyped: its hash is not " + parts[1]);
    }
    byte[] point = new byte[HASH_BYTES];
    for (int i = 0; i < HASH_BYTES; i++) {
      point[i] = typed[HASH_BYTES - i];
    }
    boolean odd = (point[0] & 0x80) != 0;
    point[0] &= 0x7f;
    this.key =
        KeyFactory.getInstance("Ed25519")
            .generatePublic(
                new EdECPublicKeySpec(
                    NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, point))));
  }

  /** Exit code 0 where all is proven, 1 where not, 2 where it could not be read. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    if (arguments.length != 2) {
      out.println("CheckProof FILE KEY     KEY is the public key, or a file that holds it");
      System.exit(2);
    }
    System.exit(run(Path.of(arguments[0]), arguments[1], out));
  }

  /**
   * Checks a file.
   *
   * @param key the public key, or the name of a file that holds it
   * @return the exit code
   */
  public static int run(Path file, String key, PrintWriter out) {
    try {
      Path keyFile = key.indexOf('+') < 0 ? Path.of(key) : null;
      check(Files.readString(file), keyFile == null ? key : Files.readString(keyFile), out);
      return 0;
    } catch (Refused e) {
      out.println("NOT PROVEN: " + e.getMessage());
      return 1;
    } catch (IOException e) {
      out.println("cannot be read: " + e.getMessage());
      return 2;
    }
  }

  /**
   * Checks the text of a file and prints what it proves.
   *
   * @throws Refused where it does not prove it
   */
  public static void check(String text, String key, PrintWriter out) {
    try {
      new CheckProof(key, out).check(Arrays.asList(text.split("\n", -1)).iterator());
    } catch (GeneralSecurityException | RuntimeException e) {
      if (e instanceof Refused refused) {
        throw refused;
      }
      throw new Refused("it is not of the form of a proof (" + e.getClass().getSimpleName() + ")");
    }
  }

  private void check(Iterator<String> lines) throws GeneralSecurityException {
    require(lines.next().equals("tandem proof 1"), "it is no proof of this form");
    String about = after("about ", lines.next());
    List<String> note = new ArrayList<>();
    String line = quoted(lines, note);
    Root root = root(note);
    out.println("about       " + about);
    out.println("checkpoint  " + root.number() + " of " + name + ", signed " + root.at());
    out.println("            over " + root.size() + " events, root " + hex(root.hash()));
    long events = 0;
    while (line.startsWith("event ")) {
      String[] words = after("event ", line).split(" ", 3);
      byte[] bytes = base64(after("bytes ", lines.next()));
      event(
          root, Long.parseLong(words[0]), Long.parseLong(words[1]), words[2], bytes, lines.next());
      events++;
      line = lines.next();
    }
    if (line.equals("held")) {
      List<String> held = new ArrayList<>();
      line = quoted(lines, held);
      consistent(root(held), root, path("consistency", line));
      line = lines.next();
    }
    require(line.equals("end " + events) && events > 0, "the file was cut short");
    lastSequence.forEach(
        (entity, last) ->
            out.println(
                entity
                    + ": "
                    + (last > 0 ? "complete from its first event to #" + last : "some events")));
    out.println("PROVEN: " + events + " events, each in the signed tree, byte for byte.");
  }

  private String quoted(Iterator<String> lines, List<String> into) {
    String line = lines.next();
    while (line.startsWith("> ") || line.equals(">")) {
      into.add(line.length() > 2 ? line.substring(2) : "");
      line = lines.next();
    }
    return line;
  }

  /** A signed note: the text, an empty line, {@code — name base64(key hash, signature)}. */
  private Root root(List<String> note) throws GeneralSecurityException {
    int empty = note.indexOf("");
    require(empty > 3 && note.size() == empty + 2, "the checkpoint is no signed note");
    String text = String.join("\n", note.subList(0, empty)) + "\n";
    byte[] signed = base64(after("\u2014 " + name + " ", note.get(empty + 1)));
    require(
        signed.length > ID_BYTES && Arrays.equals(Arrays.copyOf(signed, ID_BYTES), id),
        "the checkpoint was signed with another key");
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(key);
    signature.update(text.getBytes(StandardCharsets.UTF_8));
    require(
        signature.verify(Arrays.copyOfRange(signed, ID_BYTES, signed.length)),
        "the signature of the checkpoint does not hold");
    require(note.get(0).equals(name), "the checkpoint is of another log");
    return new Root(
        Long.parseLong(note.get(1)),
        base64(note.get(2)),
        after("number ", note.get(3)),
        after("at ", note.get(4)));
  }

  private void event(
      Root root, long index, long sequence, String entity, byte[] bytes, String pathLine)
      throws GeneralSecurityException {
    byte[] leaf = sha256(new byte[] {0}, bytes);
    require(
        included(root, index, leaf, path("path", pathLine)),
        entity + "#" + sequence + " is not in the signed tree");
    List<?> envelope = (List<?>) new Cbor(bytes).whole();
    require(envelope.size() == ENVELOPE_PARTS, entity + "#" + sequence + " is no event");
    require(
        (envelope.get(1) + "|" + envelope.get(2)).equals(entity)
            && Long.valueOf(sequence).equals(envelope.get(3)),
        "an event of another entity or position stands as " + entity + "#" + sequence);
    chain(entity, sequence, envelope.get(12) instanceof byte[] hash ? hash : NONE, bytes);
    long micros = (Long) envelope.get(10);
    out.println();
    out.println(
        "#%d  %s  %s#%d  %s/%s"
            .formatted(
                index,
                Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000),
                entity,
                sequence,
                envelope.get(4),
                envelope.get(5)));
    out.println("    by " + envelope.get(9) + ", because of " + envelope.get(8));
    out.println("    " + Cbor.words(new Cbor((byte[]) envelope.get(14)).whole()));
  }

  /** Events of one entity that follow one another vouch for each other. */
  private void chain(String entity, long sequence, byte[] previous, byte[] bytes)
      throws GeneralSecurityException {
    Long before = lastSequence.get(entity);
    if (sequence == 1) {
      require(Arrays.equals(previous, NONE), entity + "#1 names a predecessor");
    } else if (before != null && before + 1 == sequence) {
      require(
          Arrays.equals(previous, lastHash.get(entity)),
          entity + "#" + sequence + " was written after another #" + before);
    }
    boolean complete = sequence == 1 || (before != null && before + 1 == sequence);
    lastSequence.put(entity, complete ? sequence : Long.valueOf(-1));
    lastHash.put(entity, sha256(bytes));
  }

  /** RFC 9162 section 2.1.3.2. */
  private static boolean included(Root root, long index, byte[] leaf, List<byte[]> path)
      throws GeneralSecurityException {
    if (index < 0 || index >= root.size()) {
      return false;
    }
    long fn = index;
    long sn = root.size() - 1;
    byte[] r = leaf;
    for (byte[] p : path) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        r = sha256(new byte[] {1}, p, r);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        r = sha256(new byte[] {1}, r, p);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && Arrays.equals(r, root.hash());
  }

  /** RFC 9162 section 2.1.4.2. */
  private void consistent(Root first, Root second, List<byte[]> path)
      throws GeneralSecurityException {
    List<byte[]> steps = new ArrayList<>(path);
    boolean holds = first.size() == second.size() && Arrays.equals(first.hash(), second.hash());
    if (first.size() < second.size()) {
      if (Long.bitCount(first.size()) == 1) {
        steps.addFirst(first.hash());
      }
      require(!steps.isEmpty(), "the consistency proof is empty");
      long fn = first.size() - 1;
      long sn = second.size() - 1;
      while ((fn & 1) == 1) {
        fn >>= 1;
        sn >>= 1;
      }
      byte[] fr = steps.getFirst();
      byte[] sr = fr;
      for (byte[] c : steps.subList(1, steps.size())) {
        require(sn != 0, "the consistency proof is too long");
        if ((fn & 1) == 1 || fn == sn) {
          fr = sha256(new byte[] {1}, c, fr);
          sr = sha256(new byte[] {1}, c, sr);
          while ((fn & 1) == 0 && fn != 0) {
            fn >>= 1;
            sn >>= 1;
          }
        } else {
          sr = sha256(new byte[] {1}, sr, c);
        }
        fn >>= 1;
        sn >>= 1;
      }
      holds = sn == 0 && Arrays.equals(fr, first.hash()) && Arrays.equals(sr, second.hash());
    }
    require(holds, "the tree does not begin with that of checkpoint " + first.number());
    out.println();
    out.println("the tree begins with that of checkpoint " + first.number() + " of " + first.at());
  }

  private static List<byte[]> path(String word, String line) {
    List<byte[]> path = new ArrayList<>();
    require(
        line.equals(word) || line.startsWith(word + " "), "a line of '" + word + "' is missing");
    for (String each : line.substring(word.length()).strip().split(" ")) {
      if (!each.isEmpty()) {
        path.add(base64(each));
      }
    }
    return path;
  }

  private static byte[] base64(String text) {
    return Base64.getDecoder().decode(text);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String after(String word, String line) {
    require(line.startsWith(word), "a line of '" + word.strip() + "' is missing");
    return line.substring(word.length());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Refused(otherwise);
    }
  }

  private static byte[] sha256(byte[]... parts) throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }
}
