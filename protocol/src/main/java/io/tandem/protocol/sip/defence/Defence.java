package io.tandem.protocol.sip.defence;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The defence of one edge (ACC-8). Asked for every message before it is read, and told what
 * requests turned out to be. On the edge's loop only, but for the counters.
 *
 * <p>A ban by address could be brought upon a stranger by forging it: an address that has shown
 * that it hears us is forgiven what was held against it, and trusted ones are never counted.
 */
public final class Defence {
  private static final int ID_BYTES = 9;

  private final DefenceSettings settings;
  private final RandomGenerator random;
  private final Buckets<Network> newRequests;
  private final Buckets<Network> messages;
  private final Buckets<String> accounts;
  private final Buckets<Verdict> refusals;
  private final ByteCredit credit;
  private final BanBook book;
  private final Map<String, Network> homes;
  private final DefenceCounters counters = new DefenceCounters();
  private final String refusedTag;
  private List<Cidr> alsoTrusted = List.of();
  private @Nullable InetAddress asked; // messages come in rows, and each is asked about often
  private boolean trusted;

  /**
   * @param random unguessable: names of bans and the tag of refusals are drawn from it
   */
  public Defence(DefenceSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
    this.newRequests = new Buckets<>(settings.newRequests(), settings.tracked());
    this.messages = new Buckets<>(settings.messages(), settings.tracked());
    this.accounts = new Buckets<>(settings.perAccount(), settings.tracked());
    this.refusals = new Buckets<>(settings.refusals(), 1);
    this.credit = new ByteCredit(settings.tracked());
    this.book = new BanBook(settings.tracked(), () -> "ban_" + token());
    this.refusedTag = token();
    this.homes =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Network> eldest) {
            return size() > settings.tracked();
          }
        };
  }

  /** Addresses that are held to nothing from now on, besides those of the settings: trunks. */
  public void trustAlso(List<Cidr> ranges) {
    alsoTrusted = List.copyOf(ranges);
    asked = null;
  }

  /** Addresses that are held to nothing. */
  public List<Cidr> trusted() {
    List<Cidr> all = new ArrayList<>(alsoTrusted);
    all.addAll(settings.trusted());
    return all;
  }

  /** Whether an address is held to nothing. */
  public boolean trusts(InetAddress address) {
    if (!address.equals(asked)) {
      trusted =
          settings.trusts(address)
              || alsoTrusted.stream().anyMatch(range -> range.contains(address));
      asked = address;
    }
    return trusted;
  }

  private String token() {
    byte[] drawn = new byte[ID_BYTES];
    random.nextBytes(drawn);
    return Base64.getUrlEncoder().encodeToString(drawn);
  }

  public DefenceSettings settings() {
    return settings;
  }

  public DefenceCounters counters() {
    return counters;
  }

  /** The To tag of refusals that nobody remembers: an ACK with it ends where it arrives. */
  public String refusedTag() {
    return refusedTag;
  }

  /**
   * What becomes of a message.
   *
   * @param octets its length where its source may be forged (UDP), else 0
   */
  public Verdict admit(InetAddress from, Glance.Kind kind, int octets, long nowNanos) {
    if (trusts(from)) {
      return Verdict.SERVE;
    }
    Network network = Network.of(from);
    if (octets > 0) {
      credit.received(network, octets, nowNanos);
    }
    boolean opens = kind == Glance.Kind.NEW;
    if (opens && book.isBanned(new Subject.Address(network), nowNanos)) {
      counters.banned.increment();
      return Verdict.DROP;
    }
    if (!messages.take(network, nowNanos)) {
      counters.overRate.increment();
      flooded(network, nowNanos);
      return Verdict.DROP;
    }
    if (opens && !newRequests.take(network, nowNanos)) {
      counters.overRate.increment();
      flooded(network, nowNanos);
      return Verdict.REFUSE;
    }
    return Verdict.SERVE;
  }

  /**
   * Whether a connection of that address is taken: not of who is banned, and each counts as a
   * message, for a handshake is work.
   */
  public boolean mayConnect(InetAddress from, long nowNanos) {
    if (trusts(from)) {
      return true;
    }
    Network network = Network.of(from);
    if (book.isBanned(new Subject.Address(network), nowNanos)) {
      counters.banned.increment();
      return false;
    }
    if (!messages.take(network, nowNanos)) {
      counters.overRate.increment();
      flooded(network, nowNanos);
      return false;
    }
    return true;
  }

  /**
   * Whether one more early refusal leaves: beyond their rate nothing is said, so that what they
   * cost has a bound whatever comes in (OPS-5); who hears nothing asks again, later each time.
   */
  public boolean mayRefuse(long nowNanos) {
    if (refusals.take(Verdict.REFUSE, nowNanos)) {
      return true;
    }
    counters.unrefused.increment();
    return false;
  }

  private void flooded(Network network, long nowNanos) {
    note(new Subject.Address(network), Offence.FLOOD, nowNanos);
  }

  private void note(Subject subject, Offence offence, long nowNanos) {
    if (book.note(subject, offence, nowNanos).isPresent()) {
      counters.bans.increment();
    }
  }

  /** A request from there turned out to be an offence. */
  public void offended(InetAddress from, Offence offence, long nowNanos) {
    if (!trusts(from)) {
      note(new Subject.Address(Network.of(from)), offence, nowNanos);
    }
  }

  /** Whether a datagram of that length may answer that address. */
  public boolean mayAnswer(InetAddress to, int octets, boolean provisional, long nowNanos) {
    if (trusts(to) || credit.spend(Network.of(to), octets, provisional, nowNanos)) {
      return true;
    }
    counters.withheld.increment();
    return false;
  }

  /** Whether {@link #mayAnswer} would let it go: to be asked before an answer is made once more. */
  public boolean mightAnswer(InetAddress to, int octets, long nowNanos) {
    if (trusts(to) || credit.covers(Network.of(to), octets, nowNanos)) {
      return true;
    }
    counters.withheld.increment();
    return false;
  }

  /** It answered what only it can have read: it is where it says it is. */
  public void proven(InetAddress address, long nowNanos) {
    if (!trusts(address)) {
      credit.proven(Network.of(address), nowNanos);
    }
  }

  /** Whether it has shown that it hears us. */
  public boolean isProven(InetAddress address, long nowNanos) {
    return trusts(address) || credit.isProven(Network.of(address), nowNanos);
  }

  // ---- accounts

  /**
   * Whether one more attempt to be that user is judged. The same for names nobody has. Where the
   * user was last let in from, attempts of others cannot lock it out.
   */
  public boolean mayTry(String user, InetAddress from, long nowNanos) {
    if (trusts(from)) {
      return true;
    }
    if (Network.of(from).equals(homes.get(user))) {
      return accounts.take(user + "@home", nowNanos);
    }
    return !book.isBanned(new Subject.Account(user), nowNanos) && accounts.take(user, nowNanos);
  }

  /** A wrong password for that user, whether there is one or not. */
  public void wrongPassword(String user, InetAddress from, long nowNanos) {
    if (!trusts(from)) {
      note(new Subject.Address(Network.of(from)), Offence.WRONG_PASSWORD, nowNanos);
      note(new Subject.Account(user), Offence.WRONG_PASSWORD, nowNanos);
    }
  }

  /** That user proved to be itself from there. */
  public void letIn(String user, InetAddress from, long nowNanos) {
    if (!trusts(from)) {
      Network network = Network.of(from);
      credit.proven(network, nowNanos);
      book.forgive(new Subject.Address(network));
      homes.put(user, network);
    }
  }

  // ---- bans

  /** Who is banned now. */
  public List<Ban> bans(long nowNanos) {
    return book.bans(nowNanos);
  }

  /** Takes over bans of other edges, and those that were lifted. */
  public void adopt(Collection<Ban> elsewhere, Collection<String> lifted, long nowNanos) {
    book.adopt(elsewhere, lifted, nowNanos);
  }

  /** A new request was refused for having waited too long. */
  public void countShed() {
    counters.shed.increment();
  }

  /** The system threw so many datagrams away before they were read. */
  public void countUnread(int datagrams) {
    counters.unread.add(datagrams);
  }

  /** A message was dropped because too many wait. */
  public void countLost() {
    counters.lost.increment();
  }
}
