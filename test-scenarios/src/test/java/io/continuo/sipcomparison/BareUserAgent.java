package io.continuo.sipcomparison;

import gov.nist.javax.sip.SipStackImpl;
import io.continuo.sip.jain.Slf4jStackLogger;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.InvalidArgumentException;
import javax.sip.ListeningPoint;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.SipFactory;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.address.Address;
import javax.sip.address.AddressFactory;
import javax.sip.address.SipURI;
import javax.sip.header.CSeqHeader;
import javax.sip.header.ContactHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.Header;
import javax.sip.header.HeaderFactory;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/// The same forking B2BUA and registrar on JAIN-SIP alone: its own transports, transactions and
/// dialogs, set up for speed. A process of its own.
///
/// Threading: the stack's threads; over TCP a call's legs come on several of them.
final class BareUserAgent implements SipListener, AutoCloseable {
  private static final int SOCKET_BUFFER = 4_000_000;

  private final AddressFactory addresses;
  private final HeaderFactory headers;
  private final MessageFactory messages;
  private final SipStackImpl stack;
  private final SipProvider provider;
  private final String transport;
  private final int port;
  private final Map<String, Set<String>> contacts = new ConcurrentHashMap<>();
  private final AtomicLong tags = new AtomicLong();

  BareUserAgent(String transport) throws Exception {
    SipFactory factory = SipFactory.getInstance();
    factory.setPathName("gov.nist");
    this.transport = transport;
    this.addresses = factory.createAddressFactory();
    this.headers = factory.createHeaderFactory();
    this.messages = factory.createMessageFactory();
    this.stack = new SipStackImpl(settings());
    this.port = freePort();
    ListeningPoint point = stack.createListeningPoint("127.0.0.1", port, transport);
    this.provider = stack.createSipProvider(point);
    provider.addSipListener(this);
  }

  public static void main(String[] arguments) throws Exception {
    Contestant.ready(new BareUserAgent(arguments[0]).address());
  }

  InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", port);
  }

  // JAIN-SIP takes no port 0.
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Properties settings() {
    Properties settings = new Properties();
    settings.setProperty("javax.sip.STACK_NAME", "bare");
    settings.setProperty("javax.sip.AUTOMATIC_DIALOG_SUPPORT", "off");
    settings.setProperty("gov.nist.javax.sip.REENTRANT_LISTENER", "true");
    settings.setProperty("gov.nist.javax.sip.THREAD_POOL_SIZE", "1");
    settings.setProperty("gov.nist.javax.sip.AGGRESSIVE_CLEANUP", "true");
    settings.setProperty("gov.nist.javax.sip.MAX_FORK_TIME_SECONDS", "32");
    settings.setProperty("gov.nist.javax.sip.MAX_MESSAGE_SIZE", "65000");
    settings.setProperty("gov.nist.javax.sip.RECEIVE_UDP_BUFFER_SIZE", "" + SOCKET_BUFFER);
    settings.setProperty("gov.nist.javax.sip.SEND_UDP_BUFFER_SIZE", "" + SOCKET_BUFFER);
    // As our stack has it: its own default needs log4j.
    settings.setProperty("gov.nist.javax.sip.STACK_LOGGER", Slf4jStackLogger.class.getName());
    settings.setProperty(
        "gov.nist.javax.sip.SERVER_LOGGER", "io.continuo.sip.jain.SilentServerLogger");
    return settings;
  }

  @Override
  public void processRequest(RequestEvent event) {
    try {
      Request request = event.getRequest();
      switch (request.getMethod()) {
        case Request.REGISTER -> registered(request, transaction(event));
        case Request.INVITE -> invited(request, transaction(event));
        case Request.BYE -> ended(request, transaction(event));
        default -> {
          // ACK: the legs have been acknowledged already.
        }
      }
    } catch (Exception failed) {
      failed.printStackTrace();
    }
  }

  private ServerTransaction transaction(RequestEvent event) throws Exception {
    return event.getServerTransaction() == null
        ? provider.getNewServerTransaction(event.getRequest())
        : event.getServerTransaction();
  }

  private void registered(Request request, ServerTransaction transaction) throws Exception {
    ContactHeader contact = (ContactHeader) request.getHeader(ContactHeader.NAME);
    String user =
        ((SipURI) ((ToHeader) request.getHeader(ToHeader.NAME)).getAddress().getURI()).getUser();
    contacts
        .computeIfAbsent(user, key -> ConcurrentHashMap.newKeySet())
        .add(contact.getAddress().getURI().toString());
    Response ok = messages.createResponse(Response.OK, request);
    ((ToHeader) ok.getHeader(ToHeader.NAME)).setTag(tag());
    contact.setExpires(3_600);
    ok.addHeader(contact);
    transaction.sendResponse(ok);
  }

  private String tag() {
    return Long.toHexString(tags.incrementAndGet());
  }

  private void invited(Request request, ServerTransaction transaction) throws Exception {
    transaction.sendResponse(messages.createResponse(Response.TRYING, request));
    Dialog dialog = provider.getNewDialog(transaction);
    Set<String> targets =
        contacts.getOrDefault(((SipURI) request.getRequestURI()).getUser(), Set.of());
    Call call = new Call(request, transaction, targets.size());
    dialog.setApplicationData(call);
    for (String target : targets) {
      call.invite(target);
    }
  }

  private void ended(Request request, ServerTransaction transaction) throws Exception {
    transaction.sendResponse(messages.createResponse(Response.OK, request));
    if (transaction.getDialog() != null
        && transaction.getDialog().getApplicationData() instanceof Call call) {
      call.end();
    }
  }

  @Override
  public void processResponse(ResponseEvent event) {
    try {
      ClientTransaction transaction = event.getClientTransaction();
      if (transaction != null && transaction.getApplicationData() instanceof Call call) {
        call.answered(event.getResponse(), transaction.getDialog());
      }
    } catch (Exception failed) {
      failed.printStackTrace();
    }
  }

  /// One call and its legs.
  private final class Call {
    private final Request request;
    private final ServerTransaction transaction;
    private final int devices;
    private final List<Dialog> legs = new ArrayList<>();
    private final String toTag = tag();
    private boolean ringing;

    Call(Request request, ServerTransaction transaction, int devices) {
      this.request = request;
      this.transaction = transaction;
      this.devices = devices;
    }

    void invite(String target) throws Exception {
      Address caller = ((FromHeader) request.getHeader(FromHeader.NAME)).getAddress();
      Address callee = ((ToHeader) request.getHeader(ToHeader.NAME)).getAddress();
      List<ViaHeader> vias = new ArrayList<>();
      vias.add(headers.createViaHeader("127.0.0.1", port, transport, null));
      Request leg =
          messages.createRequest(
              addresses.createURI(target),
              Request.INVITE,
              provider.getNewCallId(),
              headers.createCSeqHeader(1L, Request.INVITE),
              headers.createFromHeader(caller, tag()),
              headers.createToHeader(callee, null),
              vias,
              headers.createMaxForwardsHeader(70));
      leg.addHeader(contact());
      for (String name : List.of("Accept-Contact", "Allow", "Supported")) {
        for (ListIterator<?> fields = request.getHeaders(name); fields.hasNext(); ) {
          leg.addHeader((Header) fields.next());
        }
      }
      leg.setContent(
          request.getRawContent(), (ContentTypeHeader) request.getHeader(ContentTypeHeader.NAME));
      ClientTransaction sent = provider.getNewClientTransaction(leg);
      sent.setApplicationData(this);
      provider.getNewDialog(sent);
      sent.sendRequest();
    }

    private ContactHeader contact() throws ParseException {
      return headers.createContactHeader(
          addresses.createAddress(
              "<sip:b2bua@127.0.0.1:" + port + ";transport=" + transport + ">"));
    }

    synchronized void answered(Response response, @Nullable Dialog leg) throws Exception {
      String method = ((CSeqHeader) response.getHeader(CSeqHeader.NAME)).getMethod();
      if (!method.equals(Request.INVITE) || leg == null) {
        return;
      }
      if (response.getStatusCode() == Response.RINGING && !ringing) {
        ringing = true;
        answer(Response.RINGING);
      } else if (response.getStatusCode() == Response.OK) {
        leg.sendAck(leg.createAck(1));
        legs.add(leg);
        if (legs.size() == devices) {
          accept(response);
        }
      }
    }

    private void answer(int status) throws Exception {
      Response response = messages.createResponse(status, request);
      ((ToHeader) response.getHeader(ToHeader.NAME)).setTag(toTag);
      transaction.sendResponse(response);
    }

    private void accept(Response from) throws Exception {
      Response ok = messages.createResponse(Response.OK, request);
      ((ToHeader) ok.getHeader(ToHeader.NAME)).setTag(toTag);
      ok.addHeader(contact());
      ok.setContent(
          from.getRawContent(), (ContentTypeHeader) from.getHeader(ContentTypeHeader.NAME));
      transaction.sendResponse(ok);
    }

    synchronized void end() throws SipException, InvalidArgumentException {
      for (Dialog leg : legs) {
        leg.sendRequest(provider.getNewClientTransaction(leg.createRequest(Request.BYE)));
      }
    }
  }

  @Override
  public void processTimeout(TimeoutEvent event) {
    System.err.println("time-out of a transaction");
  }

  @Override
  public void processIOException(IOExceptionEvent event) {
    System.err.println("not sent to " + event.getHost() + ":" + event.getPort());
  }

  @Override
  public void processTransactionTerminated(TransactionTerminatedEvent event) {}

  @Override
  public void processDialogTerminated(DialogTerminatedEvent event) {}

  @Override
  public void close() {
    stack.stop();
  }
}
