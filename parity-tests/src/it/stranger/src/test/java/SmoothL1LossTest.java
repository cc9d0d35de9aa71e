import io.github.dl4jlosses.parity.Parity;
import org.junit.jupiter.api.Test;

class SmoothL1LossTest {
    @Test
    void theLossIsTorchs() {
        Parity.of(new SmoothL1Loss()).against("torch.smooth_l1_loss(x, t)").check();
    }
}
