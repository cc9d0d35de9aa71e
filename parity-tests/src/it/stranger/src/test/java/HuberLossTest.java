import io.github.dl4jlosses.parity.Parity;
import org.junit.jupiter.api.Test;

class HuberLossTest {
    @Test
    void theLossIsTorchs() {
        Parity.of(new HuberLoss()).against("torch.huber_loss(x, t)").check();
    }
}
